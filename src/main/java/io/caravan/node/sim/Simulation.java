package io.caravan.node.sim;

import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.node.Machine;
import io.caravan.node.NodeHome;
import io.caravan.node.cli.RoleSettings;
import io.caravan.rpc.LocalCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One simulation from its order to its end: daemon, miner and chain live through the days on one thread at a time, faults
 * happen as the script says, and when all is mended and has come to rest the audit looks at what is there.
 */
public final class Simulation {

    /**
     * What is wanted.
     *
     * @param deals at least 1
     * @param days simulated, at least 1
     */
    public record Order(long seed, int deals, int days, FaultScript faults) {
    }

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration START_LIMIT = Duration.ofHours(2);
    private static final Duration PROGRESS = Duration.ofDays(10);

    private final Order order;
    private final Consumer<String> progress;
    private final Path home;
    private final Loop loop = new Loop(new VirtualClock(BEGIN));
    private final Seed seed;
    private final Life outside = new Life(loop, "outside");
    private final Network network;
    private final Setback setback = new Setback();
    private final SimGround ground;
    private final Machine machine;
    private final Roles roles;
    private SimChain chain;
    private Customers customers;
    private Mischief mischief;
    private Samples samples;

    /** @param progress hears a line every ten days */
    public Simulation(Order order, SimServer server, Consumer<String> progress) {
        this.order = order;
        this.progress = progress;
        this.home = server.home();
        this.seed = new Seed(order.seed());
        this.network = new Network(loop, seed.random("losses"));
        this.ground = new SimGround(loop, seed, network, outside, setback);
        Map<String, String> settings = new HashMap<>(SimSettings.onMainnet(home));
        settings.putAll(SimSettings.of(order.days()));
        settings.putAll(server.databases());
        this.machine = new Machine("simulate", new NodeHome(home), RoleSettings.load(home, settings), ground);
        this.roles = new Roles(loop, machine, outside, this::follow);
    }

    /** Runs it to the end on the calling thread. */
    public Outcome run() {
        try (machine) {
            begin();
            live();
            return end();
        } finally {
            loop.close();
            SimServer.delete(home);
        }
    }

    private void begin() {
        machine.startDevnet();
        LocalCalls devnet = new LocalCalls(machine.methods("devnet"));
        devnet.call("Devnet.SetInterval", 0); // from here on blocks come by the simulation's own clock
        chain = new SimChain(loop, devnet);
        ground.chain(chain);
        roles.start("miner");
        require(() -> roles.isUp("miner"), "the miner");
        roles.start("daemon");
        require(roles::areUp, "the daemon");
        chain.lively(false);
    }

    private void require(java.util.function.BooleanSupplier isUp, String who) {
        if (!loop.run(loop.now() + START_LIMIT.toNanos(), isUp)) {
            throw new IllegalStateException(who + " did not come up within " + START_LIMIT.toHours() + " simulated hours", roles.trouble());
        }
    }

    private void live() {
        Path payloads = home.resolve("payloads");
        try {
            Files.createDirectories(payloads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        customers = new Customers(loop, machine, roles, chain, seed, payloads);
        mischief = new Mischief(loop, seed, new Mischief.Targets(network, chain, roles, setback, customers), machine);
        samples = new Samples(loop, machine, roles);
        customers.verify();
        customers.expect(Plan.of(seed, order.deals(), order.days()));
        mischief.plan(order.faults().faults(), Duration.ofDays(order.days()));
        samples.begin(order.days());
        for (long day = 0; day < order.days(); day += PROGRESS.toDays()) {
            long until = Math.min(order.days(), day + PROGRESS.toDays());
            loop.run(Duration.ofDays(until).toNanos(), this::isBroken);
            progress.accept("day " + until + " of " + order.days() + ": " + states());
        }
        mischief.end();
        samples.end();
        loop.run(loop.now() + SimSettings.rest(order.days()).toNanos(), this::isBroken);
    }

    private boolean isBroken() {
        return roles.broken() != null;
    }

    private Outcome end() {
        Throwable broken = roles.broken();
        if (broken != null) {
            throw new IllegalStateException("a role broke: " + broken, broken);
        }
        if (!loop.run(loop.now() + SimSettings.rest(order.days()).toNanos(), roles::areUp)) {
            throw new IllegalStateException("a role did not come up again");
        }
        Map<String, Story> client = Story.all(machine.database("daemon"));
        Map<String, Story> provider = Story.all(machine.database("miner"));
        List<String> wrong = new java.util.ArrayList<>(new Audit(loop.clock().instant(), machine, chain.undisturbed(), home.resolve("miner").resolve("staging"), customers)
                .look(client, provider));
        wrong.addAll(customers.taken());
        wrong.addAll(samples.inventions(provider, customers));
        return Outcome.of(order, customers.proposals(), client, provider, wrong,
                new Outcome.World(mischief.done(), roles.kills(), roles.stops(), chain.blocks(), samples.count(),
                        Duration.ofNanos(loop.now())));
    }

    /** Faults that wait for a deal's state hear of its moves. */
    private void follow(String role) {
        String side = role.equals("miner") ? "provider" : "client";
        machine.deals(role).onMove(move -> {
            if (customers != null && move.from() != move.to() && move.role() == Role.of(side)) {
                mischief.moved(customers.number(move.proposalCid().toString()), side, move.to());
            }
        });
    }

    private String states() {
        if (!roles.areUp()) {
            return "a role is down";
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : Rows.of(machine.database("daemon"), "SELECT state, count(*) FROM deal GROUP BY state ORDER BY state")) {
            text.append(text.isEmpty() ? "" : ", ").append(row[1]).append(' ').append(DealState.ofCode(Integer.parseInt(row[0])));
        }
        return text.isEmpty() ? "no deal yet" : text.toString();
    }
}
