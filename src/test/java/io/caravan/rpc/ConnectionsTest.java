package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections a server holds, and whose. */
class ConnectionsTest {

    private final List<EmbeddedChannel> open = new ArrayList<>();

    private EmbeddedChannel from(String address) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 1);
            }
        };
        open.add(channel);
        return channel;
    }

    @AfterEach
    void close() {
        open.forEach(EmbeddedChannel::close);
    }

    private static ServerLimits limits(int most, int ofOne) {
        ServerLimits usual = ServerLimits.usual();
        return new ServerLimits(usual.maxBodyBytes(), usual.maxBufferedBytes(), usual.maxDepth(), usual.maxBatch(), most, ofOne,
                usual.workers(), usual.maxQueued(), usual.maxInFlight(), usual.callsPerSecond(), usual.burst(), usual.bodyTimeout(),
                usual.idleTimeout());
    }

    @Test
    void strangersLeaveRoomForThisMachine() {
        Connections connections = new Connections(() -> limits(16, 16));
        int taken = 0;
        while (taken < 16 && connections.take(from("192.0.2." + taken))) {
            taken++;
        }
        assertThat(taken).isEqualTo(14);
        assertThat(connections.take(from("127.0.0.1"))).as("the operator").isTrue();
        open.get(0).close();
        assertThat(connections.take(from("192.0.2.99"))).as("a place that is free again").isTrue();
    }
}
