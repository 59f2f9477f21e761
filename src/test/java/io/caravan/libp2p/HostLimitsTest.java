package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.Await;
import io.caravan.support.TwoHosts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostLimitsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Limits.Connections CONNECTIONS = Limits.DEFAULT.connections();

    private static Limits limits(Limits.Connections connections, Limits.Streams streams) {
        return new Limits(connections, streams, Limits.DEFAULT.windows());
    }

    private static Socket socket(Host host) throws IOException {
        int port = Integer.parseInt(host.listenAddresses().get(0).value("tcp").orElseThrow());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Reads until the host closes; false if it does not within ten seconds. */
    private static boolean isClosed(Socket socket) {
        try {
            byte[] buffer = new byte[1024];
            while (socket.getInputStream().read(buffer) >= 0) {
                continue;
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset is closed as well
        }
    }

    @Test
    void closesAConnectionThatDoesNotShakeHands() throws Exception {
        try (Host host = TwoHosts.host(Limits.DEFAULT, Deadlines.DEFAULT.atMost(Duration.ofMillis(300)));
                Socket silent = socket(host)) {
            assertThat(isClosed(silent)).isTrue();
        }
    }

    @Test
    void boundsAFloodOfConnectionsAndServesOnAfterwards() throws Exception {
        Limits.Connections few = new Limits.Connections(256, 128, 320, 8, 4, 4, 8, 16);
        Deadlines patient = Deadlines.DEFAULT.atMost(Duration.ofSeconds(2));
        List<Socket> flood = new ArrayList<>();
        try (TwoHosts hosts = TwoHosts.start(limits(few, Limits.DEFAULT.streams()), patient)) {
            for (int i = 0; i < 60; i++) {
                flood.add(socket(hosts.far()));
            }
            assertThat(isClosed(flood.get(59))).isTrue();
            assertThat(hosts.far().stats().halfOpen()).isLessThanOrEqualTo(8);
            for (Socket one : flood) {
                assertThat(isClosed(one)).isTrue();
            }
            assertThat(hosts.far().stats().refused()).isGreaterThanOrEqualTo(52);
            assertThat(Ping.once(hosts.near(), hosts.far().peerId(), hosts.far().listenAddresses(), SOON)).isPositive();
            assertThat(hosts.far().stats().halfOpen()).isZero();
        } finally {
            for (Socket one : flood) {
                one.close();
            }
        }
    }

    @Test
    void refusesMoreConnectionsThanAPeerMayHave() {
        Limits.Connections one = new Limits.Connections(256, 128, 1, 64, 4, 4, 8, 16);
        try (TwoHosts hosts = TwoHosts.start(limits(one, Limits.DEFAULT.streams()), Deadlines.DEFAULT);
                Host third = TwoHosts.host(Limits.DEFAULT, Deadlines.DEFAULT)) {
            hosts.near().connect(hosts.far().peerId(), hosts.far().listenAddresses(), SOON);
            assertThatThrownBy(() -> third.connect(hosts.far().peerId(), hosts.far().listenAddresses(), SOON))
                    .isInstanceOf(PeerUnreachableException.class);
            assertThat(hosts.far().connections()).hasSize(1);
        }
    }

    @Test
    void carriesTwoHundredStreamsAtTheSameTime() throws Exception {
        Limits.Streams many = new Limits.Streams(256, 256, 2048, 16, 256, 256);
        ExecutorService threads = Executors.newFixedThreadPool(200);
        try (TwoHosts hosts = TwoHosts.start(limits(CONNECTIONS, many), Deadlines.DEFAULT)) {
            hosts.far().setHandler(Echo.PROTOCOL, new HandlerOptions(200, 200, threads), new Echo());
            List<Stream> open = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                open.add(hosts.stream(Echo.PROTOCOL));
            }
            assertThat(hosts.near().connections()).hasSize(1);
            byte[] block = new byte[20_000];
            for (int i = 0; i < 200; i++) {
                block[0] = (byte) i;
                open.get(i).out().write(block);
            }
            for (int i = 199; i >= 0; i--) {
                byte[] back = open.get(i).in().readNBytes(block.length);
                assertThat(back[0]).isEqualTo((byte) i);
                assertThat(back).hasSize(block.length);
            }
            assertThatThrownBy(() -> {
                try (Stream over = hosts.stream(Echo.PROTOCOL)) {
                    over.in().read();
                }
            }).isInstanceOf(StreamResetException.class);
            open.forEach(Stream::close);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void doesNotStallOthersBehindASlowReader() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        try (TwoHosts hosts = TwoHosts.start()) {
            hosts.far().setHandler("/slow/1", stream -> leave.await(30, TimeUnit.SECONDS));
            hosts.far().setHandler(Echo.PROTOCOL, new Echo());
            Stream slow = hosts.stream("/slow/1");
            slow.setDeadline(Duration.ofMillis(200));
            OutputStream out = slow.out();
            byte[] block = new byte[1 << 20];
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    out.write(block);
                }
            }).isInstanceOf(StreamTimeoutException.class).hasMessageContaining("took nothing");
            // What the window and our own queue hold, and no more.
            assertThat(slow.bytesOut()).isLessThanOrEqualTo((256 << 10) + (2L << 20));
            assertThat(((TcpHost) hosts.far()).windows()).isLessThanOrEqualTo(10 * 256 << 10);
            try (Stream brisk = hosts.stream(Echo.PROTOCOL)) {
                assertThat(brisk.connection()).isSameAs(slow.connection());
                brisk.out().write(block, 0, 200_000);
                assertThat(brisk.in().readNBytes(200_000)).hasSize(200_000);
            }
            leave.countDown();
            slow.reset();
        }
    }

    @Test
    void holdsNoMoreThanItsWindowsAndGivesThemBack() throws Exception {
        try (TwoHosts hosts = TwoHosts.start()) {
            hosts.far().setHandler(Echo.PROTOCOL, new Echo());
            for (int i = 0; i < 50; i++) {
                try (Stream stream = hosts.stream(Echo.PROTOCOL)) {
                    stream.out().write(i);
                    stream.closeWrite();
                    assertThat(stream.in().readAllBytes()).hasSize(1);
                }
            }
            CountDownLatch gone = new CountDownLatch(1);
            hosts.far().addListener(new ConnectionListener() {
                @Override
                public void disconnected(Connection connection) {
                    gone.countDown();
                }
            });
            hosts.near().disconnect(hosts.far().peerId());
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(((TcpHost) hosts.far()).windows()).isZero();
            assertThat(hosts.far().stats().streams()).isZero();
        }
    }

    @Test
    void countsTrafficAndConnections() {
        try (TwoHosts hosts = TwoHosts.start()) {
            Ping.once(hosts.near(), hosts.far().peerId(), hosts.far().listenAddresses(), SOON);
            HostStats stats = hosts.near().stats();
            assertThat(stats.connectionsOut()).isEqualTo(1);
            assertThat(stats.bytesIn()).isPositive();
            // Identify goes on beside the ping, and the two are not counted at one moment.
            Await.until("the peer's bytes to be all bytes", SOON, () -> {
                HostStats now = hosts.near().stats();
                return now.peerBytes().get(hosts.far().peerId()).bytesOut() == now.bytesOut();
            });
        }
    }
}
