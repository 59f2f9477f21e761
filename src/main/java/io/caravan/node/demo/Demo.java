package io.caravan.node.demo;

import io.caravan.node.HashingChoice;
import io.caravan.node.Machine;
import io.caravan.node.NodeHome;
import io.caravan.node.ThrowawayHome;
import io.caravan.node.cli.CliException;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.cli.RunningRole;
import io.caravan.node.cli.Show;
import io.caravan.node.cli.Terminal;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes deals on a fresh devnet and follows them to Active. It starts the three roles in this JVM and from then on only
 * uses their JSON-RPC ports, as middleware would.
 */
public final class Demo {

    /** Free ports and a quick chain, so that a demo disturbs nothing and ends soon. */
    private static final Map<String, String> QUICK = Map.of(
            "devnet.port", "0",
            "daemon.port", "0",
            "miner.port", "0",
            "miner.libp2p.port", "0",
            "devnet.interval", "100ms");

    private final Terminal terminal;
    private final boolean json;
    private final Wish wish;
    private final Clock clock = Clock.systemUTC();

    /**
     * What is shown.
     *
     * @param file what is stored; empty for files that the demo makes
     * @param keep whether it stays up afterwards
     * @param overrides settings, over those of a demo
     */
    public record Wish(Optional<Path> file, int deals, Duration timeout, boolean keep, Map<String, String> overrides) {}

    public Demo(Terminal terminal, boolean json, Wish wish) {
        this.terminal = terminal;
        this.json = json;
        this.wish = wish;
    }

    /** Runs the whole demo; 0 when every deal is Active, 1 when the time ran out. */
    public int run() throws IOException, InterruptedException {
        Instant start = clock.instant();
        NodeHome home = ThrowawayHome.make("demo").home();
        Map<String, String> settings = new LinkedHashMap<>(QUICK);
        if (wish.deals() == 1) {
            settings.put("miner.publish.period", "0s"); // nobody else to wait for
            settings.put("sealing.wait-deals.delay", "0s");
        }
        settings.putAll(wish.overrides());
        DemoView view = view(start);
        Settings loaded = RoleSettings.load(home.root(), settings);
        HashingChoice.begin(loaded, true);
        Machine machine = new Machine("demo", home, loaded);
        AtomicBoolean isInterrupted = new AtomicBoolean();
        Thread interrupted = new Thread(() -> {
            isInterrupted.set(true);
            tidy(machine);
        }, "tidy");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            view.note("Caravan demo: devnet, miner and daemon in one JVM, home " + home.root());
            machine.startAll();
            view.note("Started in %s. %s".formatted(Show.since(start, clock.instant()), machine.sealingEngine()));
            DemoView.Result result = deal(home, view, start, loaded.bytes("miner.sector-size"));
            view.finished(result);
            if (wish.keep()) {
                stay(machine);
            }
            return result.failure().isEmpty() ? 0 : CliException.TRY_AGAIN;
        } catch (CliException e) {
            if (isInterrupted.get()) {
                return CliException.TRY_AGAIN; // by Ctrl-C: that the roles do not answer any more is no news
            }
            throw e;
        } finally {
            if (isFirstToTidy(interrupted)) {
                tidy(machine);
            }
        }
    }

    /** Stops the roles and takes the home folder away; also what Ctrl-C does. */
    private static void tidy(Machine machine) {
        machine.close();
        ThrowawayHome.remove(machine.home().root());
    }

    /** False when the process is on its way down, so that the hook tidies. */
    private static boolean isFirstToTidy(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private DemoView view(Instant start) {
        if (json) {
            return new JsonView(terminal.out());
        }
        return terminal.isLive() ? new LiveView(terminal.out(), clock, Screen::ofTerminal) : new PlainView(terminal.out(), start);
    }

    private DemoView.Result deal(NodeHome home, DemoView view, Instant start, long sectorSize) throws IOException, InterruptedException {
        try (RunningRole daemon = RunningRole.of(home, "daemon"); RunningRole miner = RunningRole.of(home, "miner")) {
            DemoDeals made = new DemoDeals(daemon, miner, view);
            Follower follower = new Follower(daemon, miner, view, clock, made.sizes());
            List<String> proposals = new ArrayList<>();
            List<Path> files = wish.file().map(f -> List.of(f)).orElseGet(() -> DemoFiles.make(home.root(), wish.deals(), sectorSize));
            for (int i = 0; i < wish.deals(); i++) {
                proposals.add(made.start(files.get(i % files.size()), i));
                follower.look(proposals);
            }
            return follower.followToActive(proposals, start, start.plus(wish.timeout()));
        }
    }

    private void stay(Machine machine) throws InterruptedException {
        machine.urls().forEach((role, url) -> terminal.err().println("%-7s %s".formatted(role, url)));
        terminal.err().println("Pages, by a link that signs a browser in once within five minutes:");
        machine.loginLinks("operator").forEach((role, link) -> terminal.err().println("%-7s %s".formatted(role, link)));
        terminal.err().println("miner's address " + machine.minerAddress());
        terminal.err().println("home    " + machine.home().root() + "\nCtrl-C stops and removes it.");
        new CountDownLatch(1).await(); // until Ctrl-C, whose hook tidies up
    }
}
