package io.caravan.node.bench;

import io.caravan.codec.Hashes;
import io.caravan.piece.CommPStream;
import java.io.IOException;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code bench commp}: commP throughput beside a plain SHA-256 loop over the same bytes in the same run.
 *
 * <p>commP hashes about four times its payload (Fr32 leaves, then 64-byte nodes with a padding block each), so a ratio near
 * 0.25 is what SHA-256 itself allows (sealing.md §1.6).
 */
public final class CommPBench {
    private static final int PAYLOAD = 32 * 1024 * 127 * 8;
    private static final double MIB = 1 << 20;

    private final byte[] payload = new byte[PAYLOAD];
    private final long phaseNanos;

    /** About {@code seconds} in all, split over three measurements; each takes its best round. */
    public CommPBench(double seconds) {
        phaseNanos = (long) (seconds * 1e9 / 3);
        long x = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < PAYLOAD; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            payload[i] = (byte) x;
        }
    }

    /** Runs for about ten seconds and prints one line a measurement. */
    public static void run(PrintStream out) throws IOException {
        new CommPBench(10).measure(out);
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
        line(out, 1, best(() -> commP(new CommPStream())), sha);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            line(out, 2, best(() -> commP(CommPStream.on(two, 3))), sha);
        } finally {
            two.shutdownNow();
        }
    }

    private static void line(PrintStream out, int threads, double rate, double sha) {
        out.printf(Locale.ROOT, "commP, %d thread%s         %8.1f MiB/s   %8.1f MiB/s per thread   %.3f of the loop%n",
                threads, threads == 1 ? " " : "s", rate, rate / threads, rate / threads / sha);
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
