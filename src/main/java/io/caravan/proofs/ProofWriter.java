package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes what {@link ProofReader} reads. */
final class ProofWriter {

    private final ByteBuffer out;

    ProofWriter(String tag, int length) {
        out = ByteBuffer.allocate(length);
        out.put(tag.getBytes(StandardCharsets.US_ASCII));
    }

    ProofWriter node(Bytes node) {
        out.put(node.toArray());
        return this;
    }

    ProofWriter index(int node) {
        out.putInt(node);
        return this;
    }

    /** Siblings only. */
    ProofWriter path(MerkleProof path) {
        path.path().forEach(step -> step.siblings().forEach(this::node));
        return this;
    }

    /** @throws IllegalArgumentException if the proof was not of the kind that its length was computed for */
    Bytes done() {
        if (out.hasRemaining()) {
            throw new IllegalArgumentException("a proof of another kind: " + out.remaining() + " bytes are missing");
        }
        return Bytes.wrap(out.array());
    }
}
