package io.caravan.libp2p;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The receive windows of one connection, charged to it and to the host before they are granted. Used on one Netty
 * thread.
 */
final class WindowBudget {

    private final AtomicLong host;
    private final Limits.Windows limits;
    private long used;

    WindowBudget(AtomicLong host, Limits.Windows limits) {
        this.host = host;
        this.limits = limits;
    }

    boolean charge(int bytes) {
        if (used + bytes > limits.receivePerConnection()) {
            return false;
        }
        if (host.addAndGet(bytes) > limits.receivePerHost()) {
            host.addAndGet(-bytes);
            return false;
        }
        used += bytes;
        return true;
    }

    void release(int bytes) {
        used -= bytes;
        host.addAndGet(-bytes);
    }

    int perStream() {
        return limits.receivePerStream();
    }
}
