package io.caravan.node.bench;

import io.caravan.node.ThrowawayHome;
import io.caravan.node.cli.RunningRole;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How long one well-behaved caller waits for its answers while strangers do to the same port what {@link Intruder} knows, so many
 * a second, and hold slow connections open; against the same caller alone, measured just before and just after.
 */
public final class GuardBench {

    private static final int CALLS = 3000;
    private static final int PER_SECOND = 100;
    private static final int INTRUDERS = 4;
    private static final int HELD = 200;
    private static final long SEED = 20_261_123;

    private GuardBench() {}

    /** Measures, some half minute. */
    public static void run(PrintStream out) throws IOException, InterruptedException {
        try (ThrowawayHome place = ThrowawayHome.make("bench"); BenchNode node = new BenchNode(place.home())) {
            RunningRole miner = node.miner();
            measured(miner, CALLS); // the JVM compiles
            double before = said(out, "alone", measured(miner, CALLS));
            Latencies attacked = attacked(out, miner);
            double during = said(out, "attacked", attacked);
            double after = said(out, "alone again", measured(miner, CALLS));
            out.printf(Locale.ROOT, "p99 while attacked is %.2f times the p99 alone (the mean of before and after)%n", during / ((before + after) / 2));
        }
    }

    private static double said(PrintStream out, String when, Latencies latencies) {
        out.printf(Locale.ROOT, "%-12s %s%n", when, latencies.line());
        return latencies.at(0.99);
    }

    private static Latencies measured(RunningRole miner, int calls) {
        double[] millis = new double[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            miner.call("Filecoin.Version");
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return new Latencies(millis);
    }

    private static Latencies attacked(PrintStream out, RunningRole miner) throws IOException, InterruptedException {
        URI endpoint = miner.endpoint();
        InetSocketAddress target = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        ConcurrentLinkedQueue<Intruder.Attempt> attempts = new ConcurrentLinkedQueue<>();
        List<Socket> held = new ArrayList<>();
        ScheduledExecutorService strangers = Executors.newScheduledThreadPool(INTRUDERS);
        try {
            Intruder slow = new Intruder(target, new Random(SEED));
            for (int i = 0; i < HELD; i++) {
                held.add(slow.held());
            }
            for (int i = 0; i < INTRUDERS; i++) {
                Intruder intruder = new Intruder(target, new Random(SEED + 1 + i));
                strangers.scheduleAtFixedRate(() -> attempts.add(intruder.once()), 0, 1_000_000L * INTRUDERS / PER_SECOND, TimeUnit.MICROSECONDS);
            }
            Latencies latencies = measured(miner, CALLS);
            tell(out, attempts);
            return latencies;
        } finally {
            strangers.shutdownNow();
            strangers.awaitTermination(30, TimeUnit.SECONDS);
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static void tell(PrintStream out, Iterable<Intruder.Attempt> attempts) {
        Map<Intruder.Trick, Integer> count = new EnumMap<>(Intruder.Trick.class);
        int all = 0;
        int breaches = 0;
        for (Intruder.Attempt attempt : attempts) {
            count.merge(attempt.trick(), 1, Integer::sum);
            breaches += attempt.isBreach() ? 1 : 0;
            all++;
        }
        out.printf(Locale.ROOT, "%d attempts of %d kinds, %d slow connections held, %d breaches%n", all, count.size(), HELD, breaches);
    }
}
