package io.caravan.node.sim;

import io.caravan.model.DealState;
import io.caravan.node.Machine;
import io.caravan.rpc.RpcException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the script says. What it draws by lot belongs to the line and its occasion, to nothing else. */
final class Mischief {

    private static final Logger LOG = LoggerFactory.getLogger(Mischief.class);
    private static final Duration SLOW = Duration.ofSeconds(3);
    private static final Duration WHILE = Duration.ofHours(1);
    private static final double LOSS = 0.2;
    private static final int PASSINGS = 12;
    private static final int FAILED = 16;

    private final Loop loop;
    private final Seed seed;
    private final Network network;
    private final SimChain chain;
    private final Roles roles;
    private final Setback setback;
    private final Customers customers;
    private final Machine machine;
    private final Map<Fault.Deed, Integer> done = new EnumMap<>(Fault.Deed.class);
    private final Map<String, Fault> occasions = new HashMap<>();
    private final Set<String> sectors = new HashSet<>();
    private boolean isOver;

    /** To whom it is done. */
    record Targets(Network network, SimChain chain, Roles roles, Setback setback, Customers customers) {
    }

    Mischief(Loop loop, Seed seed, Targets targets, Machine machine) {
        this.loop = loop;
        this.seed = seed;
        this.network = targets.network();
        this.chain = targets.chain();
        this.roles = targets.roles();
        this.setback = targets.setback();
        this.customers = targets.customers();
        this.machine = machine;
    }

    /** How often each kind of fault was done. */
    Map<Fault.Deed, Integer> done() {
        return done;
    }

    /** Plans everything within that time from now. */
    void plan(List<Fault> faults, Duration within) {
        Map<String, Integer> same = new HashMap<>();
        for (Fault fault : faults) {
            int twin = same.merge(fault.line(), 1, Integer::sum);
            plan(fault, fault.line() + "#" + twin, within.toNanos());
        }
    }

    private void plan(Fault fault, String subject, long within) {
        long begin = loop.now();
        if (fault.when() instanceof Fault.When.At at) {
            if (at.after().toNanos() <= within) {
                loop.at(begin + at.after().toNanos(), () -> happen(fault, subject));
            }
        } else if (fault.when() instanceof Fault.When.Every every) {
            RandomGenerator random = seed.random("when " + subject);
            long at = 0;
            for (int number = 1; ; number++) {
                double period = every.period().toNanos();
                at += every.isLoose() ? (long) Math.max(period / 100, -Math.log(1 - random.nextDouble()) * period) : (long) period;
                if (at > within) {
                    break;
                }
                String occasion = subject + "/" + number;
                loop.at(begin + at, () -> happen(fault, occasion));
            }
        } else if (fault.when() instanceof Fault.When.InState in) {
            occasions.put(in.deal() + " " + in.side() + " " + in.state(), fault);
        }
    }

    /** A deal came into a state; what waits for it happens soon. */
    void moved(int deal, String side, DealState state) {
        Fault fault = occasions.remove(deal + " " + side + " " + state);
        if (fault != null) {
            loop.at(loop.now(), () -> happen(fault, fault.line()));
        }
    }

    /** From now on nothing more goes wrong; what is broken is mended in its time. */
    void end() {
        isOver = true;
        setback.forget();
        chain.devnet().call("Devnet.ClearFaults");
    }

    private void happen(Fault fault, String occasion) {
        if (isOver) {
            return;
        }
        LOG.info("{}", fault.line());
        done.merge(fault.deed(), 1, Integer::sum);
        RandomGenerator random = seed.random(occasion);
        int passing = random.nextInt(PASSINGS);
        switch (fault.deed()) {
            case CUT_LINK -> during(fault, network::cut, network::mend);
            case SLOW_LINK -> during(fault, () -> network.latency(SLOW), () -> network.latency(Duration.ZERO));
            case LOSSY_LINK -> during(fault, () -> network.loss(LOSS), () -> network.loss(0));
            case BREAK_STREAMS -> breakStreams((int) fault.amount());
            case KILL_MINER -> roles.kill("miner", passing, fault.time());
            case KILL_DAEMON -> roles.kill("daemon", passing, fault.time());
            case STOP_MINER -> roles.stop("miner", fault.time());
            case STOP_DAEMON -> roles.stop("daemon", fault.time());
            case CHAIN_AWAY -> during(fault, chain::leave, chain::comeBack);
            case REORG -> chain.reorg((int) fault.amount(), random.nextLong(1_000_000));
            case DROP_MESSAGES -> devnet("Devnet.MpoolRule", Map.of("action", "evict", "match", Map.of(), "count", fault.amount()));
            case FAIL_MESSAGES -> devnet("Devnet.FailNext", Map.of(), FAILED, fault.amount());
            case TERMINATE_SECTOR -> sector(random, "Devnet.TerminateSector");
            case FAULT_SECTOR -> faulty(fault, random);
            case FAIL_SEALING -> setback.fail(fault.amount());
            case LOSE_SECTOR -> setback.lose(fault.amount());
            case CANCEL -> customers.cancel(random);
            case BAD_PROPOSAL -> customers.bad(occasion);
            default -> throw new IllegalStateException("nobody does " + fault.deed());
        }
    }

    private void during(Fault fault, Runnable begin, Runnable end) {
        begin.run();
        loop.at(loop.now() + fault.time().toNanos(), end);
    }

    /** What finds no stream within a while is forgotten. */
    private void breakStreams(int count) {
        network.breakStreams(count);
        loop.at(loop.now() + WHILE.toNanos(), network::forgetBreaks);
    }

    private void faulty(Fault fault, RandomGenerator random) {
        String number = sector(random, "Devnet.FaultSector");
        if (!number.isEmpty()) {
            loop.at(loop.now() + fault.time().toNanos(), () -> {
                devnet("Devnet.RecoverSector", machine.minerAddress(), Long.parseLong(number));
                chain.plan();
            });
        }
    }

    /** Does that to one of the sectors on chain; returns its number, empty if there is none. */
    private String sector(RandomGenerator random, String method) {
        if (!roles.isUp("miner")) {
            return "";
        }
        List<String[]> proven = Rows.of(machine.database("miner"), "SELECT number FROM sector WHERE state = 'Proving' ORDER BY number");
        if (proven.isEmpty()) {
            return "";
        }
        String number = proven.get(random.nextInt(proven.size()))[0];
        if (!sectors.add(number)) {
            return "";
        }
        devnet(method, machine.minerAddress(), Long.parseLong(number));
        chain.plan();
        return number;
    }

    private void devnet(String method, Object... params) {
        try {
            chain.devnet().call(method, params);
        } catch (RpcException e) {
            LOG.info("{}: {}", method, e.getMessage());
        }
    }
}
