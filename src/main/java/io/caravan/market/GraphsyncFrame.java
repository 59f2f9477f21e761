package io.caravan.market;

import io.caravan.codec.CodecException;
import io.caravan.codec.Varint;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A graphsync message on a stream: {@code uvarint length ‖ DAG-CBOR}, at most 4 MiB (wire-protocols §9.1). */
final class GraphsyncFrame {

    static final int MAX_BYTES = 4 << 20;

    private GraphsyncFrame() {
    }

    /**
     * The next message; empty where the stream ends between two. Memory grows with what arrives, not with what is
     * declared.
     */
    static Optional<GraphsyncMessage> read(InputStream in) {
        try {
            long length = Varint.readOrEnd(in);
            if (length < 0) {
                return Optional.empty();
            }
            if (length > MAX_BYTES) {
                throw new CodecException("a graphsync message of " + length + " bytes, at most " + MAX_BYTES);
            }
            byte[] body = in.readNBytes((int) length);
            if (body.length < length) {
                throw new CodecException("a graphsync message ended after " + body.length + " of " + length + " bytes");
            }
            return Optional.of(GraphsyncMessage.ofCbor(body));
        } catch (EOFException e) {
            throw new CodecException("a graphsync message ended inside its length", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(GraphsyncMessage message, OutputStream out) {
        byte[] body = message.toCbor();
        if (body.length > MAX_BYTES) {
            throw new CodecException("a graphsync message of " + body.length + " bytes, at most " + MAX_BYTES);
        }
        try {
            out.write(Varint.encode(body.length));
            out.write(body);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] encode(GraphsyncMessage message) {
        var out = new java.io.ByteArrayOutputStream();
        write(message, out);
        return out.toByteArray();
    }

    /** Exactly one frame. */
    static GraphsyncMessage decode(byte[] frame) {
        InputStream in = new ByteArrayInputStream(frame);
        GraphsyncMessage message = read(in).orElseThrow(() -> new CodecException("no graphsync message"));
        if (!read(in).isEmpty()) {
            throw new CodecException("more than one graphsync message");
        }
        return message;
    }
}
