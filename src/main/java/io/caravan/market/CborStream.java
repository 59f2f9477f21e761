package io.caravan.market;

import io.caravan.codec.CborItem;
import io.caravan.codec.CodecException;
import io.caravan.libp2p.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A stream that carries exactly one CBOR object each way, without a frame (wire-protocols §4). Reading stops at the
 * object's last byte; the peer need not close.
 */
final class CborStream {

    private final Stream stream;
    private final int maxBytes;

    /** @param idle the longest single wait for the peer */
    CborStream(Stream stream, int maxBytes, Duration idle) {
        this.stream = stream;
        this.maxBytes = maxBytes;
        stream.setDeadline(idle);
    }

    /** The peer's object; empty if it closed before the first byte. */
    Optional<byte[]> read() {
        try {
            return Optional.of(CborItem.read(stream.in(), maxBytes));
        } catch (EOFException e) {
            return none(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<byte[]> none(EOFException e) {
        if (stream.bytesIn() == 0) {
            return Optional.empty();
        }
        throw new CodecException("the stream of " + stream.remotePeer() + " ended inside a message", e);
    }

    /** Our object, and no more after it. */
    void writeLast(byte[] message) {
        try {
            stream.out().write(message);
            stream.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stream.closeWrite();
    }

    /** Our object; the peer may still wait for more. Go peers keep their side open until they have the answer. */
    void write(byte[] message) {
        try {
            stream.out().write(message);
            stream.out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
