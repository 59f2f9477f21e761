package io.caravan.node.bench;

import io.caravan.crypto.Aead;
import io.caravan.crypto.AeadProvider;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Ping;
import io.caravan.libp2p.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * {@code bench p2p}: one stream over Noise and yamux between two hosts on loopback, beside plain TCP and beside the
 * cipher alone, in the same run. The ratio to the cipher says what our own code costs, the ratio to TCP what a peer
 * sees.
 */
public final class P2pBench {

    private static final String DISCARD = "/caravan/discard/1.0.0";
    private static final int BLOCK = 64 * 1024;
    private static final int RECORD = 65_519;
    private static final double MIB = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PINGS = 200;

    private final long phaseNanos;
    private final byte[] block = new byte[BLOCK];

    /** About {@code seconds} in all. */
    public P2pBench(double seconds) {
        phaseNanos = (long) (seconds * 1e9 / 8);
    }

    /** Runs for about ten seconds and prints one line a measurement. */
    public static void run(PrintStream out) throws IOException {
        new P2pBench(10).measure(out);
    }

    void measure(PrintStream out) throws IOException {
        AeadProvider aeads = AeadProvider.ofThisMachine();
        out.printf(Locale.ROOT, "libp2p on loopback, Java %s, %d processors, ChaCha20-Poly1305 by %s%n",
                System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), aeads.name());
        double tcp = tcp();
        out.printf(Locale.ROOT, "plain TCP                %8.1f MiB/s%n", tcp);
        double cipher = cipher(aeads.newAead(new byte[32]));
        out.printf(Locale.ROOT, "cipher alone, 1 thread   %8.1f MiB/s  sealed and opened%n", cipher);
        try (Host far = host(); Host near = host()) {
            far.setHandler(DISCARD, P2pBench::discard);
            upload(near, far, 3 * phaseNanos); // the JIT's share
            double noise = upload(near, far, 2 * phaseNanos);
            out.printf(Locale.ROOT,
                    "Noise and yamux          %8.1f MiB/s   %.3f of plain TCP   %.3f of the cipher alone%n",
                    noise, noise / tcp, noise / cipher);
            out.printf(Locale.ROOT, "ping, new stream each    %8.3f ms%n", ping(near, far));
        }
    }

    private static Host host() {
        return Host.builder().key(PrivKey.generate(new SecureRandom())).clock(Clock.systemUTC())
                .listen("/ip4/127.0.0.1/tcp/0").start();
    }

    /** Takes everything and then says how much it was. */
    private static void discard(Stream stream) throws IOException {
        long seen = drain(stream.in());
        stream.out().write(Long.toString(seen).getBytes(StandardCharsets.US_ASCII));
    }

    private static long drain(InputStream in) throws IOException {
        byte[] buffer = new byte[BLOCK];
        long seen = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            seen += n;
        }
        return seen;
    }

    private double upload(Host near, Host far, long nanos) throws IOException {
        try (Stream stream = near.newStream(far.peerId(), far.listenAddresses(), DISCARD)) {
            long start = System.nanoTime();
            long sent = send(stream.out(), start + nanos);
            stream.closeWrite();
            String seen = new String(stream.in().readNBytes(20), StandardCharsets.US_ASCII);
            if (!seen.equals(Long.toString(sent))) {
                throw new IOException("sent " + sent + " bytes, the other side saw " + seen);
            }
            return rate(sent, System.nanoTime() - start);
        }
    }

    private long send(OutputStream out, long until) throws IOException {
        long sent = 0;
        while (System.nanoTime() < until) {
            out.write(block);
            sent += BLOCK;
        }
        return sent;
    }

    private double tcp() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Long> draining = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = listening.accept()) {
                    return drain(socket.getInputStream());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            long start = System.nanoTime();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                send(socket.getOutputStream(), start + phaseNanos);
            }
            return rate(draining.join(), System.nanoTime() - start);
        }
    }

    private double cipher(Aead aead) {
        byte[] plain = new byte[RECORD];
        byte[] sealed = new byte[RECORD + Aead.TAG_BYTES];
        long counter = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < phaseNanos) {
            aead.seal(counter, new byte[0], plain, 0, RECORD, sealed, 0);
            aead.open(counter++, new byte[0], sealed, 0, sealed.length, plain, 0);
        }
        return rate(counter * RECORD, System.nanoTime() - start);
    }

    private static double ping(Host near, Host far) {
        double[] millis = new double[PINGS];
        for (int i = 0; i < PINGS; i++) {
            millis[i] = Ping.once(near, far.peerId(), far.listenAddresses(), SOON).toNanos() / 1e6;
        }
        Arrays.sort(millis);
        return millis[PINGS / 2];
    }

    private static double rate(long bytes, long nanos) {
        return bytes / MIB / (nanos / 1e9);
    }
}
