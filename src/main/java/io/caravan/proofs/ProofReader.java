package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the fixed layout of a proof: its length is known before, so nothing in the bytes says how much to read. */
final class ProofReader {

    private final ByteBuffer in;
    private final PoRep kind;

    /** @throws CodecException when the bytes have another length or another beginning */
    ProofReader(PoRep kind, Bytes bytes, String tag, int length) {
        this.kind = kind;
        if (bytes.size() != length) {
            throw new CodecException("length of the proof: " + bytes.size() + " bytes, not " + length);
        }
        if (!bytes.startsWith(Bytes.wrap(tag.getBytes(StandardCharsets.US_ASCII)))) {
            throw new CodecException("tag of the proof: it does not begin with " + tag.trim());
        }
        in = ByteBuffer.wrap(bytes.toArray());
        in.position(tag.length());
    }

    Bytes node() {
        byte[] node = new byte[PoRep.NODE];
        in.get(node);
        return Bytes.wrap(node);
    }

    /** A node's number. */
    int index() {
        int index = in.getInt();
        if (index < 0 || index >= kind.nodes()) {
            throw new CodecException("node " + Integer.toUnsignedString(index) + " in a sector of " + kind.nodes());
        }
        return index;
    }

    List<Bytes> nodes(int count) {
        List<Bytes> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(node());
        }
        return nodes;
    }

    /** A path; the places in it follow from the leaf's number. */
    MerkleProof path(TreeHash hash, int leafIndex, Bytes leaf, Bytes root) {
        List<MerkleProof.Step> steps = new ArrayList<>();
        int index = leafIndex;
        for (int level = levels(kind, hash); level > 0; level--) {
            steps.add(new MerkleProof.Step(nodes(hash.arity() - 1), index % hash.arity()));
            index /= hash.arity();
        }
        return new MerkleProof(hash, leaf, root, steps);
    }

    /** Levels of siblings between a sector's leaf and its root. */
    static int levels(PoRep kind, TreeHash hash) {
        return (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(kind.nodes()))
                / (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(hash.arity()));
    }

    /** Bytes of a path without its leaf. */
    static int pathBytes(PoRep kind, TreeHash hash) {
        return levels(kind, hash) * (hash.arity() - 1) * PoRep.NODE;
    }
}
