package io.caravan.node.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.NodeHome;
import io.caravan.node.ThrowawayHome;
import io.caravan.node.cli.RunningRole;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code bench swap}: how long after its file was written a changed route, and a changed setting, is what a running miner goes
 * by, as its JSON-RPC says; alone, and while clients propose deals. The routes are looked at as often as they are shipped to be,
 * and a change comes at any moment between two looks.
 */
public final class SwapBench {

    private static final String FILE = "miner/3-accept.camel.yaml";
    private static final String KEY = "miner.accept.max-deals";
    /** More than any deal here, so that the setting refuses none. */
    private static final int BASE = 1_000_000;
    private static final int A_SECOND = 20;
    /** Seconds. */
    private static final int ROUND = 5;
    private static final int LOOK_MILLIS = 250;
    private static final long SEED = 20_261_123;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double BOUND_MILLIS = 2000;

    private final int changes;
    private final Random random = new Random(SEED);
    private final CountDownLatch never = new CountDownLatch(1);
    private int number;

    /** @param changes of each kind, alone and under load */
    public SwapBench(int changes) {
        this.changes = changes;
    }

    /** Measures; each change takes about half a second. */
    public void measure(PrintStream out) throws IOException, InterruptedException {
        try (ThrowawayHome place = ThrowawayHome.make("bench")) {
            NodeHome home = place.home();
            Path routes = copied(home.root().resolve("routes"));
            try (BenchNode node = new BenchNode(home, Map.of("caravan.routes.folder", routes.toString()));
                    ProposalLoad load = DealsBench.load(node)) {
                out.printf(Locale.ROOT, "a running miner, Java %s, %d processors, %d changes of each kind%n", System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors(), changes);
                swap(node.miner(), routes); // the JVM compiles
                measured(out, "alone", node.miner(), home, routes);
                AtomicBoolean isOver = new AtomicBoolean();
                CompletableFuture<Flow> flow = CompletableFuture.supplyAsync(() -> flow(load, isOver));
                try {
                    measured(out, A_SECOND + " deals a second", node.miner(), home, routes);
                } finally {
                    isOver.set(true);
                }
                Flow deals = flow.join();
                out.printf(Locale.ROOT, "deals meanwhile                    %d accepted, %d not%s%n", deals.accepted(), deals.refused().size(),
                        deals.refused().isEmpty() ? "" : ", the first: " + deals.refused().get(0));
            }
        }
    }

    /** What became of the proposals beside the changes. */
    private record Flow(int accepted, List<String> refused) {}

    private static Flow flow(ProposalLoad load, AtomicBoolean isOver) {
        int accepted = 0;
        List<String> refused = new ArrayList<>();
        try {
            while (!isOver.get()) {
                ProposalLoad.Outcome outcome = load.run(A_SECOND, ROUND);
                accepted += outcome.accepted().millis().length;
                refused.addAll(outcome.refused());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Flow(accepted, refused);
    }

    private void measured(PrintStream out, String when, RunningRole miner, NodeHome home, Path routes) throws IOException, InterruptedException {
        double[] swaps = new double[changes];
        for (int i = 0; i < changes; i++) {
            swaps[i] = swap(miner, routes);
        }
        said(out, "route file, " + when, swaps);
        double[] settings = new double[changes];
        for (int i = 0; i < changes; i++) {
            settings[i] = set(miner, home);
        }
        said(out, "setting, " + when, settings);
    }

    private static void said(PrintStream out, String what, double[] millis) {
        Latencies sorted = new Latencies(millis);
        long late = Arrays.stream(millis).filter(one -> one > BOUND_MILLIS).count();
        out.printf(Locale.ROOT, "%-34s median %7.1f ms   p99 %7.1f ms   most %7.1f ms   over 2 s %d of %d%n", what, sorted.at(0.5), sorted.at(0.99),
                sorted.at(1), late, millis.length);
    }

    /** Another description of its routes, which the miner tells of those that run. */
    private double swap(RunningRole miner, Path routes) throws IOException, InterruptedException {
        String mark = "Version " + ++number + ".";
        Path file = routes.resolve(FILE);
        String text = Files.readString(file).replaceAll("(?m)^    description: .*$", "    description: " + mark);
        return timed(() -> write(file, text), () -> runs(miner, mark));
    }

    private double set(RunningRole miner, NodeHome home) throws InterruptedException {
        String value = Integer.toString(BASE + ++number);
        return timed(() -> write(home.root().resolve("caravan.properties"), KEY + " = " + value + "\n"), () -> holds(miner, value));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean runs(RunningRole miner, String mark) {
        for (JsonNode file : miner.call("Caravan.RouteList").path("files")) {
            if (file.path("file").asText().equals(FILE)) {
                return file.path("routes").path(0).path("description").asText().equals(mark);
            }
        }
        return false;
    }

    private static boolean holds(RunningRole miner, String value) {
        for (JsonNode limit : miner.call("Caravan.Limits").path("limits")) {
            if (limit.path("key").asText().equals(KEY)) {
                return limit.path("value").asText().equals(value);
            }
        }
        return false;
    }

    /** Milliseconds from when the change was written until it is there, asked for every few milliseconds. */
    private double timed(Runnable change, Supplier<Boolean> isThere) throws InterruptedException {
        never.await(random.nextInt(LOOK_MILLIS), TimeUnit.MILLISECONDS);
        change.run();
        long start = System.nanoTime();
        while (!isThere.get()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("the change is not taken after " + PATIENCE.toSeconds() + " s: ./caravan routes history says why");
            }
            never.await(5, TimeUnit.MILLISECONDS);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static Path copied(Path to) throws IOException {
        Path from = Path.of(System.getProperty("caravan.dir", "."), "routes");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        return to;
    }
}
