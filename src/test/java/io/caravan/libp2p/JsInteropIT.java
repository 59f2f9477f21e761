package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.support.TwoHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our host and a js-libp2p peer, each dialing the other: identify, ping, echo of 64 MiB. */
@Tag("interop")
@Timeout(180)
class JsInteropIT {

    private static final int ECHOED = 64 << 20;
    private static final Duration SOON = Duration.ofSeconds(20);

    private static JsPeer js;
    private static Host host;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(JsPeer.possible(), "node and npm are not installed here");
        js = JsPeer.start();
        host = TwoHosts.host(Limits.DEFAULT, Deadlines.DEFAULT);
        host.setHandler(Echo.PROTOCOL, new Echo());
    }

    @AfterAll
    static void stop() throws IOException {
        if (host != null) {
            host.close();
        }
        if (js != null) {
            js.close();
        }
    }

    @Test
    void identifiesThePeerWeDial() throws Exception {
        CompletableFuture<PeerInfo> learned = new CompletableFuture<>();
        ConnectionListener listener = new ConnectionListener() {
            @Override
            public void identified(Connection connection) {
                learned.complete(connection.identified().orElseThrow());
            }
        };
        host.addListener(listener);
        host.disconnect(js.id());
        try (var connection = closing(host.connect(js.id(), js.addresses(), SOON))) {
            PeerInfo info = learned.get(10, TimeUnit.SECONDS);
            assertThat(info.agent()).startsWith("js-libp2p/");
            assertThat(info.protocols()).contains(Echo.PROTOCOL, "/ipfs/ping/1.0.0");
        } finally {
            host.removeListener(listener);
        }
    }

    private static AutoCloseable closing(Connection connection) {
        return connection::close;
    }

    @Test
    void pingsThePeerWeDial() throws IOException {
        Ping.once(host, js.id(), js.addresses(), SOON);
        Duration warm = Ping.once(host, js.id(), js.addresses(), SOON);
        figure("ping caravan to js, µs", Long.toString(warm.toNanos() / 1000));
        assertThat(warm).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void echoesThroughThePeerWeDial() throws Exception {
        try (Stream stream = host.newStream(js.id(), js.addresses(), Echo.PROTOCOL)) {
            long start = System.nanoTime();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    for (int sent = 0; sent < ECHOED; sent += 1 << 16) {
                        stream.out().write(pattern(sent));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                stream.closeWrite();
            });
            for (int seen = 0; seen < ECHOED; seen += 1 << 16) {
                assertThat(Arrays.mismatch(stream.in().readNBytes(1 << 16), pattern(seen))).as("after %d bytes", seen)
                        .isEqualTo(-1);
            }
            assertThat(stream.in().read()).isEqualTo(-1);
            writing.get(10, TimeUnit.SECONDS);
            figure("echo of 64 MiB caravan to js and back, MiB/s each way",
                    rate(System.nanoTime() - start));
        }
    }

    @Test
    void isIdentifiedPingedAndEchoedThroughByThePeer() throws Exception {
        String address = host.listenAddresses().get(0).withPeer(host.peerId()).toString();
        JsonNode dialed = js.ask("dial " + address);
        assertThat(dialed.get("agent").asText()).isEqualTo("caravan/test");
        assertThat(dialed.get("protocols").toString()).contains(Echo.PROTOCOL);
        assertThat(js.ask("ping " + address).get("ms").asDouble()).isLessThan(1000);
        figure("ping js to caravan, ms", js.ask("ping " + address).get("ms").asText());
        JsonNode echoed = js.ask("echo " + address + " " + ECHOED);
        assertThat(echoed.get("bytes").asInt()).isEqualTo(ECHOED);
        figure("echo of 64 MiB js to caravan and back, MiB/s each way",
                rate((long) (echoed.get("ms").asDouble() * 1e6)));
    }

    /** A byte's value depends on where it stands. */
    private static byte[] pattern(int at) {
        byte[] block = new byte[1 << 16];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ((at + i) * 31 + (at + i >> 13));
        }
        return block;
    }

    /** Where whoever runs this finds what was measured. */
    private static void figure(String what, String value) throws IOException {
        Files.writeString(Path.of("target/interop-figures.txt"), what + ": " + value + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static String rate(long nanos) {
        return Long.toString(Math.round(ECHOED / (double) (1 << 20) / (nanos / 1e9)));
    }
}
