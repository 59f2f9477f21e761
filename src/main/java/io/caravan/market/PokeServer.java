package io.caravan.market;

import io.caravan.libp2p.Stream;
import java.time.Duration;
import java.util.Optional;

/** Reads the one message of a {@code /caravan/storage/status-poke/1.0.0} stream. */
public final class PokeServer {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /**
     * The poke; empty when the stream ended without one.
     *
     * @throws io.caravan.codec.CodecException if what came is no poke
     */
    public Optional<StatusPoke> read(Stream stream) {
        return new CborStream(stream, StatusPoke.MAX, LIMIT).read().map(StatusPoke::ofCbor);
    }
}
