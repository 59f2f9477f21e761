package io.caravan.node.bench;

import io.caravan.codec.Hashes;
import io.caravan.piece.CommPStream;
import io.caravan.piece.PairKernels;
import java.io.IOException;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code bench commp}: commP throughput beside a plain SHA-256 loop over the same bytes, and beside commP by the JVM's
 * digest alone, in the same run.
 *
 * <p>commP hashes about four times its payload (Fr32 leaves, then 64-byte nodes with a padding block each), so a ratio
 * near 0.25 to the loop is what the JVM's digest itself allows (sealing.md §1.6); wide vectors go beyond it.
 */
public final class CommPBench {
    private static final int PAYLOAD = 32 * 1024 * 127 * 8;
    private static final double MIB = 1 << 20;
    private static final int PHASES = 5;

    private final byte[] payload = new byte[PAYLOAD];
    private final long phaseNanos;

    /** About {@code seconds} in all, split over five measurements; each takes its best round. */
    public CommPBench(double seconds) {
        phaseNanos = (long) (seconds * 1e9 / PHASES);
        long x = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < PAYLOAD; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            payload[i] = (byte) x;
        }
    }

    /** Runs for about fifteen seconds and prints one line a measurement. */
    public static void run(PrintStream out) throws IOException {
        new CommPBench(12).measure(out);
    }

    /** One round over the payload. */
    private interface Round {
        void run() throws IOException;
    }

    void measure(PrintStream out) throws IOException {
        out.printf(Locale.ROOT, "commP over %.0f MiB of payload, Java %s, %d processors%n", PAYLOAD / MIB,
                System.getProperty("java.version"), Runtime.getRuntime().availableProcessors());
        double sha = best(this::sha256);
        out.printf(Locale.ROOT, "sha-256 loop, 1 thread   %8.1f MiB/s%n", sha);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            double[] digest = {best(() -> commP(new CommPStream())), best(() -> commP(CommPStream.on(two, 3)))};
            line(out, "digest", 1, digest[0], sha);
            line(out, "digest", 2, digest[1], sha);
            out.println(PairKernels.choose());
            double one = best(() -> commP(new CommPStream()));
            line(out, "chosen", 1, one, sha);
            double both = best(() -> commP(CommPStream.on(two, 3)));
            line(out, "chosen", 2, both, sha);
            out.printf(Locale.ROOT, "chosen beside digest     %8.2f times on 1 thread, %.2f times on 2%n", one / digest[0],
                    both / digest[1]);
        } finally {
            two.shutdownNow();
        }
    }

    private static void line(PrintStream out, String what, int threads, double rate, double sha) {
        out.printf(Locale.ROOT,
                "commP (%s), %d thread%s %8.1f MiB/s   %8.1f MiB/s per thread   %.3f of the loop%n", what, threads,
                threads == 1 ? " " : "s", rate, rate / threads, rate / threads / sha);
    }

    private double best(Round round) throws IOException {
        long end = System.nanoTime() + phaseNanos;
        double best = 0;
        do {
            long start = System.nanoTime();
            round.run();
            best = Math.max(best, PAYLOAD / MIB / ((System.nanoTime() - start) / 1e9));
        } while (System.nanoTime() < end);
        return best;
    }

    private void sha256() {
        MessageDigest digest = Hashes.newSha256();
        digest.update(payload);
        digest.digest();
    }

    private void commP(CommPStream stream) throws IOException {
        stream.write(payload, 0, payload.length);
        stream.finish();
    }
}
