package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The label of a node: SHA-256 over {@code replica id ‖ layer u32 ‖ node u64 ‖ 20 zeros ‖ 37 parents' labels}, numbers
 * big-endian, cut to 254 bits (spec sealing §2.3). One a thread.
 */
public final class LabelHash {

    /** How many parents' labels a label is made of: a node's parents, repeated up to this many. */
    public static final int REPEATED_PARENTS = 37;

    private static final int PREFIX = 64;
    private static final int LAYER_AT = 32;
    private static final int NODE_AT = 36;

    private final MessageDigest sha256 = Hashes.newSha256();
    private final byte[] message = new byte[PREFIX + REPEATED_PARENTS * PoRep.NODE];
    private final ByteBuffer numbers = ByteBuffer.wrap(message);

    public LabelHash(Bytes replicaId) {
        System.arraycopy(replicaId.toArray(), 0, message, 0, PoRep.NODE);
    }

    /** How many different parents a label of this layer has: those that are then repeated. */
    public static int parents(int layer) {
        return layer == 1 ? StackedGraph.BASE_PARENTS : StackedGraph.PARENTS;
    }

    /** A node's parents' labels, repeated as its label takes them: 37, or none for node 0. */
    public static List<Bytes> repeated(int node, List<Bytes> parents) {
        List<Bytes> all = new ArrayList<>();
        for (int i = 0; node > 0 && i < REPEATED_PARENTS; i++) {
            all.add(parents.get(i % parents.size()));
        }
        return all;
    }

    /**
     * The label of a node from its parents' labels.
     *
     * @param layer from 1
     * @param parents all that go in: 37, none for node 0
     */
    public Bytes of(int layer, int node, List<Bytes> parents) {
        if (parents.size() != (node == 0 ? 0 : REPEATED_PARENTS)) {
            throw new IllegalArgumentException("node " + node + " has " + parents.size() + " parents' labels");
        }
        for (int i = 0; i < parents.size(); i++) {
            System.arraycopy(parents.get(i).toArray(), 0, message, PREFIX + i * PoRep.NODE, PoRep.NODE);
        }
        byte[] label = new byte[PoRep.NODE];
        hash(layer, node, label, 0);
        return Bytes.wrap(label);
    }

    /** Where a parent's label is put before {@link #label}: the i-th of the node's different parents. */
    int slot(int parent) {
        return PREFIX + parent * PoRep.NODE;
    }

    byte[] message() {
        return message;
    }

    /** The label of a node whose different parents' labels lie in their slots. */
    void label(int layer, int node, byte[] out, int at) {
        int cycle = parents(layer) * PoRep.NODE;
        for (int filled = cycle; node > 0 && PREFIX + filled < message.length; filled += cycle) {
            System.arraycopy(message, PREFIX, message, PREFIX + filled,
                    Math.min(cycle, message.length - PREFIX - filled));
        }
        hash(layer, node, out, at);
    }

    private void hash(int layer, int node, byte[] out, int at) {
        numbers.putInt(LAYER_AT, layer).putLong(NODE_AT, node);
        sha256.update(message, 0, node == 0 ? PREFIX : message.length);
        try {
            sha256.digest(out, at, PoRep.NODE);
        } catch (DigestException e) {
            throw new IllegalStateException("a digest of 32 bytes did not fit", e);
        }
        out[at + PoRep.NODE - 1] &= 0x3f;
    }
}
