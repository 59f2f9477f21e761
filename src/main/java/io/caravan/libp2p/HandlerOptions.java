package io.caravan.libp2p;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of one served protocol.
 *
 * @param maxInflight streams served at the same time over all peers; more are refused (reset 0x1002)
 * @param maxPerPeer the same for a single peer
 * @param executor where the handler runs; null = the host's bounded workers. A rejected execution refuses the stream
 */
public record HandlerOptions(int maxInflight, int maxPerPeer, @Nullable Executor executor) {

    /** 256 streams, 32 of one peer, on the host's workers. */
    public static final HandlerOptions DEFAULT = new HandlerOptions(256, 32, null);

    public HandlerOptions {
        if (maxInflight < 1 || maxPerPeer < 1) {
            throw new IllegalArgumentException("a protocol serves at least one stream: " + maxInflight + ", per peer "
                    + maxPerPeer);
        }
    }
}
