package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.util.List;

/** The small sums of PoRep that prover and verifier share (spec sealing §2.4): a node in, a node out, 32 bytes each. */
public final class Commitments {

    private Commitments() {
    }

    /** The hash of a node's labels, one a layer: Poseidon of as many inputs. */
    public static Bytes column(List<Bytes> labels) {
        return hash(new ScalarPoseidon(labels.size()), labels);
    }

    /** CommR of the roots of the trees over columns and over the replica. */
    public static Bytes commR(Bytes commC, Bytes commRLast) {
        return hash(new ScalarPoseidon(2), List.of(commC, commRLast));
    }

    /** The replica's node: data plus the last layer's label. */
    public static Bytes encode(Bytes data, Bytes label) {
        byte[] node = data.toArray();
        new NodeCoder().encode(node, 0, label.toArray(), 0, 1);
        return Bytes.wrap(node);
    }

    /** The data's node: the replica's minus the last layer's label. */
    public static Bytes decode(Bytes replica, Bytes label) {
        byte[] node = replica.toArray();
        new NodeCoder().decode(node, 0, label.toArray(), 0, 1);
        return Bytes.wrap(node);
    }

    /** Whether these are 32 bytes below the field's order: what comes from outside has to be. */
    public static boolean isNode(Bytes node) {
        return node.size() == PoRep.NODE && ScalarField.isNode(node.toArray(), 0);
    }

    static Bytes hash(BatchHash hasher, List<Bytes> inputs) {
        if (inputs.size() != hasher.arity()) {
            throw new IllegalArgumentException(inputs.size() + " nodes for a hash of " + hasher.arity());
        }
        byte[] in = new byte[inputs.size() * PoRep.NODE];
        for (int i = 0; i < inputs.size(); i++) {
            byte[] node = inputs.get(i).toArray();
            if (node.length != PoRep.NODE) {
                throw new IllegalArgumentException("a node has 32 bytes, not " + node.length);
            }
            System.arraycopy(node, 0, in, i * PoRep.NODE, PoRep.NODE);
        }
        byte[] out = new byte[PoRep.NODE];
        hasher.hash(in, 0, out, 0, 1);
        return Bytes.wrap(out);
    }
}
