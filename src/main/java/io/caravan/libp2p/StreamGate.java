package io.caravan.libp2p;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bounds on the streams that peers open, over all connections. */
final class StreamGate {

    private final Bound total;
    private final KeyedBound<PeerId> perPeer;
    private final Bound negotiating;
    private final int negotiatingPerConnection;

    StreamGate(Limits.Streams limits) {
        total = new Bound(limits.inboundTotal());
        perPeer = new KeyedBound<>(limits.inboundPerPeer());
        negotiating = new Bound(limits.negotiatingTotal());
        negotiatingPerConnection = limits.negotiatingPerConnection();
    }

    @Nullable Lease inbound(PeerId peer) {
        Lease one = total.take();
        Lease of = one == null ? null : perPeer.take(peer);
        if (of == null) {
            if (one != null) {
                one.close();
            }
            return null;
        }
        return Lease.all(one, of);
    }

    /** @param ofConnection that connection's count */
    @Nullable Lease negotiating(AtomicInteger ofConnection) {
        if (ofConnection.get() >= negotiatingPerConnection) {
            return null;
        }
        Lease one = negotiating.take();
        if (one == null) {
            return null;
        }
        ofConnection.incrementAndGet();
        return new Lease(() -> {
            ofConnection.decrementAndGet();
            one.close();
        });
    }
}
