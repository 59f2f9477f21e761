package io.caravan.rpc;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections of a server, so many in all and from one address; a part is kept for callers on this machine. */
final class Connections {
    /** One place of so many is never a stranger's, so that an operator gets in beside them. */
    private static final int KEPT = 8;

    private final int most;
    private final AtomicInteger far = new AtomicInteger();
    private final int mostOfOne;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    Connections(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a new one, which counts until it is closed; false if there are too many. */
    boolean take(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote) || open.size() >= most) {
            return false; // gone already, or no room
        }
        boolean isFar = !remote.getAddress().isLoopbackAddress();
        if (isFar && far.incrementAndGet() > most - most / KEPT) {
            far.decrementAndGet();
            return false;
        }
        String key = AddressKey.of(remote.getAddress());
        if (byAddress.merge(key, 1, Integer::sum) > mostOfOne) {
            leave(key, isFar);
            return false;
        }
        open.add(channel);
        channel.closeFuture().addListener(closed -> leave(key, isFar));
        return true;
    }

    private void leave(String key, boolean isFar) {
        if (isFar) {
            far.decrementAndGet();
        }
        byAddress.compute(key, (address, count) -> count == null || count <= 1 ? null : count - 1);
    }

    int size() {
        return open.size();
    }

    void close(int seconds) {
        open.close().awaitUninterruptibly(seconds, TimeUnit.SECONDS);
    }
}
