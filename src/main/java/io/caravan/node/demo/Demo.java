package io.caravan.node.demo;

import io.caravan.node.Machine;
import io.caravan.node.NodeHome;
import io.caravan.node.ThrowawayHome;
import io.caravan.node.cli.CliException;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.cli.RunningRole;
import io.caravan.node.cli.Show;
import io.caravan.node.cli.Terminal;
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
    private final Optional<Path> file;
    private final int deals;
    private final Duration timeout;
    private final boolean keep;
    private final Map<String, String> overrides;
    private final Clock clock = Clock.systemUTC();

    public Demo(Terminal terminal, boolean json, Optional<Path> file, int deals, Duration timeout, boolean keep,
            Map<String, String> overrides) {
        this.terminal = terminal;
        this.json = json;
        this.file = file;
        this.deals = deals;
        this.timeout = timeout;
        this.keep = keep;
        this.overrides = overrides;
    }

    /** Runs the whole demo; 0 when every deal is Active, 1 when the time ran out. */
    public int run() throws IOException, InterruptedException {
        Instant start = clock.instant();
        NodeHome home = ThrowawayHome.make("demo").home();
        Map<String, String> settings = new LinkedHashMap<>(QUICK);
        if (deals == 1) {
            settings.put("miner.publish.period", "0s"); // nobody else to wait for
            settings.put("sealing.wait-deals.delay", "0s");
        }
        settings.putAll(overrides);
        DemoView view = view(start);
        Machine machine = new Machine("demo", home, RoleSettings.load(home.root(), settings));
        Thread interrupted = new Thread(() -> tidy(machine), "tidy");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            view.note("Caravan demo: devnet, miner and daemon in one JVM, home " + home.root());
            machine.startAll();
            view.note("Started in %s. %s".formatted(Show.since(start, clock.instant()), machine.sealingEngine()));
            DemoView.Result result = deal(home, view, start);
            view.finished(result);
            if (keep) {
                stay(machine);
            }
            return result.failure().isEmpty() ? 0 : CliException.TRY_AGAIN;
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

    private DemoView.Result deal(NodeHome home, DemoView view, Instant start) throws IOException, InterruptedException {
        try (RunningRole daemon = RunningRole.of(home, "daemon"); RunningRole miner = RunningRole.of(home, "miner")) {
            DemoDeals made = new DemoDeals(daemon, miner, view);
            Follower follower = new Follower(daemon, miner, view, clock, made.sizes());
            List<String> proposals = new ArrayList<>();
            List<Path> files = file.map(f -> List.of(f)).orElseGet(() -> DemoFiles.make(home.root(), deals));
            for (int i = 0; i < deals; i++) {
                proposals.add(made.start(files.get(i % files.size()), i));
                follower.look(proposals);
            }
            return follower.followToActive(proposals, start, start.plus(timeout));
        }
    }

    private void stay(Machine machine) throws InterruptedException {
        machine.urls().forEach((role, url) -> terminal.err().println("%-7s %s".formatted(role, url)));
        terminal.err().println("miner's address " + machine.minerAddress());
        terminal.err().println("home    " + machine.home().root() + "\nCtrl-C stops and removes it.");
        new CountDownLatch(1).await(); // until Ctrl-C, whose hook tidies up
    }
}
