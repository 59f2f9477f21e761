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
import java.util.function.Supplier;

/** The open connections of a server, so many in all and from one address; a part is kept for callers on this machine. */
final class Connections {
    /** One place of so many is never a stranger's, so that an operator gets in beside them. */
    private static final int KEPT = 8;

    private final Supplier<ServerLimits> limits;
    private final AtomicInteger far = new AtomicInteger();
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    /** @param limits are asked at each new one; those that are open stay */
    Connections(Supplier<ServerLimits> limits) {
        this.limits = limits;
    }

    /** Takes a new one, which counts until it is closed; false if there are too many. */
    boolean take(Channel channel) {
        ServerLimits now = limits.get();
        int most = now.maxConnections();
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote) || open.size() >= most) {
            return false; // gone already, or no room
        }
        boolean isFar = !remote.getAddress().isLoopbackAddress();
        if (isFar && far.incrementAndGet() > most - most / KEPT) {
            far.decrementAndGet();
            return false;
        }
        String key = AddressKey.of(remote.getAddress());
        if (byAddress.merge(key, 1, Integer::sum) > now.maxPerAddress()) {
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
