package io.caravan.rpc;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The open connections of a server, so many in all and from one address. */
final class Connections {
    private final int most;
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
        String key = AddressKey.of(remote.getAddress());
        if (byAddress.merge(key, 1, Integer::sum) > mostOfOne) {
            leave(key);
            return false;
        }
        open.add(channel);
        channel.closeFuture().addListener(closed -> leave(key));
        return true;
    }

    private void leave(String key) {
        byAddress.compute(key, (address, count) -> count == null || count <= 1 ? null : count - 1);
    }

    int size() {
        return open.size();
    }

    void close(int seconds) {
        open.close().awaitUninterruptibly(seconds, TimeUnit.SECONDS);
    }
}
