package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.TwoHosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private TwoHosts hosts;

    @BeforeEach
    void open() {
        hosts = TwoHosts.start();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void echoesOverAStream() throws IOException {
        hosts.far().setHandler(Echo.PROTOCOL, new Echo());
        try (Stream stream = hosts.stream(Echo.PROTOCOL)) {
            stream.out().write("hello".getBytes(StandardCharsets.UTF_8));
            stream.closeWrite();
            assertThat(new String(stream.in().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
            assertThat(stream.remotePeer()).isEqualTo(hosts.far().peerId());
            assertThat(stream.protocol()).isEqualTo(Echo.PROTOCOL);
        }
    }

    @Test
    void echoesSixtyFourMebibytesWithoutHoldingThem() throws Exception {
        hosts.far().setHandler(Echo.PROTOCOL, new Echo());
        int total = 64 << 20;
        try (Stream stream = hosts.stream(Echo.PROTOCOL)) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                Random random = new Random(7);
                byte[] block = new byte[100_000];
                try {
                    for (int sent = 0; sent < total; sent += block.length) {
                        random.nextBytes(block);
                        stream.out().write(block, 0, Math.min(block.length, total - sent));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                stream.closeWrite();
            });
            Random random = new Random(7);
            byte[] expected = new byte[100_000];
            int seen = 0;
            while (seen < total) {
                random.nextBytes(expected);
                int want = Math.min(expected.length, total - seen);
                byte[] got = stream.in().readNBytes(want);
                int mismatch = Arrays.mismatch(got, Arrays.copyOf(expected, want));
                assertThat(mismatch).as("difference after %d bytes", seen).isEqualTo(-1);
                seen += want;
            }
            assertThat(stream.in().read()).isEqualTo(-1);
            writing.get(10, TimeUnit.SECONDS);
            assertThat(((TcpHost) hosts.far()).windows()).isLessThan(40L << 20);
        }
    }

    @Test
    void keepsOneConnectionForManyStreams() throws IOException {
        hosts.far().setHandler(Echo.PROTOCOL, new Echo());
        for (int i = 0; i < 20; i++) {
            try (Stream stream = hosts.stream(Echo.PROTOCOL)) {
                stream.out().write(i);
                assertThat(stream.in().read()).isEqualTo(i);
            }
        }
        assertThat(hosts.near().connections()).hasSize(1);
        assertThat(hosts.far().connections()).hasSize(1);
    }

    @Test
    void dialsOnceForCallersThatComeTogether() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Connection>> all =
                    java.util.stream.Stream.generate(() -> CompletableFuture.supplyAsync(
                    () -> hosts.near().connect(hosts.far().peerId(), hosts.far().listenAddresses(), SOON), callers))
                            .limit(8).toList();
            for (CompletableFuture<Connection> one : all) {
                assertThat(one.get(10, TimeUnit.SECONDS).remotePeer()).isEqualTo(hosts.far().peerId());
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(hosts.near().connections()).hasSize(1);
    }

    @Test
    void takesTheFirstOfOurProtocolsThatThePeerSpeaks() throws IOException {
        hosts.far().setHandler("/mk/1.1.0", stream ->
                stream.out().write(stream.protocol().getBytes(StandardCharsets.UTF_8)));
        try (Stream stream = hosts.stream("/mk/1.1.1", "/mk/1.1.0")) {
            assertThat(new String(stream.in().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("/mk/1.1.0");
        }
    }

    @Test
    void saysThatThePeerSpeaksNoneOfTheProtocols() {
        assertThatThrownBy(() -> hosts.stream("/a/1", "/b/1")).isInstanceOf(ProtocolUnsupportedException.class)
                .hasMessageContaining("/a/1, /b/1");
    }

    @Test
    void stopsServingARemovedProtocol() throws IOException {
        hosts.far().setHandler(Echo.PROTOCOL, new Echo());
        hosts.stream(Echo.PROTOCOL).close();
        assertThat(hosts.far().removeHandler(Echo.PROTOCOL)).isTrue();
        assertThatThrownBy(() -> hosts.stream(Echo.PROTOCOL)).isInstanceOf(ProtocolUnsupportedException.class);
    }

    @Test
    void resetsAStreamWhoseHandlerFails() {
        hosts.far().setHandler("/fails/1", stream -> {
            throw new IllegalStateException("no");
        });
        try (Stream stream = hosts.stream("/fails/1")) {
            assertThatThrownBy(() -> stream.in().read()).isInstanceOf(StreamResetException.class);
        }
    }

    @Test
    void failsAReadThatWaitsTooLong() {
        hosts.far().setHandler("/silent/1", stream -> stream.in().read());
        try (Stream stream = hosts.stream("/silent/1")) {
            stream.setDeadline(Duration.ofMillis(50));
            assertThatThrownBy(() -> stream.in().read()).isInstanceOf(StreamTimeoutException.class)
                    .hasMessageContaining("50 ms");
        }
    }

    @Test
    void learnsWhoThePeerIsAndHearsOfNewProtocols() throws Exception {
        CompletableFuture<PeerInfo> first = new CompletableFuture<>();
        CompletableFuture<PeerInfo> pushed = new CompletableFuture<>();
        hosts.near().addListener(new ConnectionListener() {
            @Override
            public void identified(Connection connection) {
                PeerInfo info = connection.identified().orElseThrow();
                (info.protocols().contains("/late/1") ? pushed : first).complete(info);
            }
        });
        hosts.near().connect(hosts.far().peerId(), hosts.far().listenAddresses(), SOON);
        PeerInfo info = first.get(10, TimeUnit.SECONDS);
        assertThat(info.agent()).isEqualTo("caravan/test");
        assertThat(info.protocols()).contains(IdentifyMessage.PROTOCOL, PingService.PROTOCOL);
        assertThat(info.listenAddresses()).isEqualTo(hosts.far().listenAddresses());
        assertThat(info.observed()).containsExactly(hosts.near().connections().get(0).localAddress());

        hosts.far().setHandler("/late/1", Stream::close);
        assertThat(pushed.get(10, TimeUnit.SECONDS).protocols()).contains("/late/1");
        assertThat(hosts.near().peers().info(hosts.far().peerId()))
                .hasValueSatisfying(i -> assertThat(i.protocols()).contains("/late/1"));
    }

    @Test
    void pings() {
        assertThat(Ping.once(hosts.near(), hosts.far().peerId(), hosts.far().listenAddresses(), SOON)).isPositive();
    }

    @Test
    void namesEachAddressAndWhyItFailed() {
        PeerId stranger = Keys.peer(3);
        Multiaddr wrongPeer = hosts.far().listenAddresses().get(0);
        List<Multiaddr> addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"), wrongPeer,
                Multiaddr.parse("/ip4/127.0.0.1/udp/9/quic-v1"), Multiaddr.parse("/dns4/nowhere.invalid/tcp/1"));
        assertThatThrownBy(() -> hosts.near().connect(stranger, addresses, SOON))
                .isInstanceOf(PeerUnreachableException.class)
                .hasMessageContaining("/ip4/127.0.0.1/tcp/1: connection refused")
                .hasMessageContaining(wrongPeer + ": another peer answers there: " + hosts.far().peerId())
                .hasMessageContaining("quic-v1: we dial TCP only")
                .hasMessageContaining("nowhere.invalid/tcp/1: no such name");
        assertThatThrownBy(() -> hosts.near().connect(stranger, List.of(), SOON))
                .hasMessageContaining("no address is known");
    }

    @Test
    void failsOpenStreamsWhenTheOtherHostCloses() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        hosts.far().setHandler("/silent/1", stream -> stream.in().read());
        Stream stream = hosts.stream("/silent/1");
        Thread reader = new Thread(() -> {
            try {
                stream.in().read();
            } catch (IOException | RuntimeException e) {
                seen.set(e);
            }
        });
        reader.start();
        hosts.far().close();
        reader.join(10_000);
        assertThat(seen.get()).isInstanceOf(StreamResetException.class);
    }
}
