package io.caravan.libp2p;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on connections: who may come in, how many, how fast (spec libp2p 2.2). Loopback addresses share no prefix
 * bound.
 */
final class ConnectionGate {

    private static final long REFILL = TimeUnit.SECONDS.toNanos(5);
    private static final int REMEMBERED = 10_000;

    private final Bound inbound;
    private final Bound outbound;
    private final Bound total;
    private final Bound halfOpen;
    private final KeyedBound<String> halfOpenPerPrefix;
    private final KeyedBound<String> perPrefix;
    private final KeyedBound<PeerId> perPeer;
    private final int burst;
    /** Per prefix the time before which its tokens are used up; guarded by this. */
    private final Map<String, Long> arrivals = new LinkedHashMap<>(16, 0.75f, true);

    ConnectionGate(Limits.Connections limits) {
        inbound = new Bound(limits.inbound());
        outbound = new Bound(limits.outbound());
        total = new Bound(limits.total());
        halfOpen = new Bound(limits.halfOpen());
        halfOpenPerPrefix = new KeyedBound<>(limits.halfOpenPerPrefix());
        perPrefix = new KeyedBound<>(limits.perPrefix());
        perPeer = new KeyedBound<>(limits.perPeer());
        burst = limits.burst();
    }

    /** What an accepted socket holds: one part until it is authenticated, the other until it is closed. */
    record Admission(Lease early, Lease whole) {}

    /** Null = close it without a word. */
    @Nullable Admission accept(InetAddress from, long nanoTime) {
        Takes early = new Takes().take(halfOpen.take());
        Takes whole = new Takes().take(inbound.take()).take(total.take());
        if (!from.isLoopbackAddress()) {
            String prefix = prefix(from);
            whole.take(inTime(prefix, nanoTime) ? new Lease(() -> { }) : null).take(perPrefix.take(prefix));
            early.take(halfOpenPerPrefix.take(prefix));
        }
        if (early.failed || whole.failed) {
            early.lease.close();
            whole.lease.close();
            return null;
        }
        return new Admission(early.lease, whole.lease);
    }

    @Nullable Lease dial() {
        Takes takes = new Takes().take(outbound.take()).take(total.take());
        if (takes.failed) {
            takes.lease.close();
            return null;
        }
        return takes.lease;
    }

    @Nullable Lease peer(PeerId peer) {
        return perPeer.take(peer);
    }

    int halfOpen() {
        return halfOpen.taken();
    }

    private synchronized boolean inTime(String prefix, long now) {
        // The spent time of a token bucket: each arrival adds one refill, time takes it away again.
        long spent = arrivals.containsKey(prefix) ? Math.max(0, arrivals.get(prefix) - now) : 0;
        if (spent + REFILL > burst * REFILL) {
            return false;
        }
        arrivals.put(prefix, now + spent + REFILL);
        Iterator<Map.Entry<String, Long>> eldest = arrivals.entrySet().iterator();
        while (arrivals.size() > REMEMBERED && eldest.hasNext()) {
            eldest.next();
            eldest.remove();
        }
        return true;
    }

    /** An IPv4 address whole, of an IPv6 address the first 56 bits. */
    private static String prefix(InetAddress address) {
        byte[] bytes = address.getAddress();
        return Arrays.toString(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, 7));
    }

    /** Leases taken together; once one fails the rest is not taken. */
    private static final class Takes {

        private Lease lease = new Lease(() -> { });
        private boolean failed;

        Takes take(@Nullable Lease next) {
            if (next == null) {
                failed = true;
            } else {
                lease = Lease.all(lease, next);
            }
            return this;
        }
    }
}
