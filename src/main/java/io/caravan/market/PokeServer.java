package io.caravan.market;

import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Reads the one message of a {@code /caravan/storage/status-poke/1.0.0} stream; nothing is answered. */
public final class PokeServer {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BiConsumer<PeerId, StatusPoke> listener;

    /** @param listener hears who sent what; it decides whether that counts */
    public PokeServer(BiConsumer<PeerId, StatusPoke> listener) {
        this.listener = listener;
    }

    /**
     * Serves one stream; the caller closes it, and resets it if this throws.
     *
     * @throws io.caravan.codec.CodecException if what came is no poke
     */
    public void serve(Stream stream) {
        new CborStream(stream, StatusPoke.MAX, LIMIT).read().map(StatusPoke::ofCbor)
                .ifPresent(poke -> listener.accept(stream.remotePeer(), poke));
    }
}
