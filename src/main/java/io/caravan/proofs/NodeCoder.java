package io.caravan.proofs;

/** Encodes data to replica and back: adds or subtracts labels in the field, in place. One a thread. */
final class NodeCoder {

    private final long[] node = new long[4];
    private final long[] label = new long[4];

    /** {@code nodes[i] += labels[i]}. */
    void encode(byte[] nodes, int at, byte[] labels, int labelsAt, int count) {
        for (int i = 0; i < count * PoRep.NODE; i += PoRep.NODE) {
            ScalarField.read(nodes, at + i, node, 0);
            ScalarField.read(labels, labelsAt + i, label, 0);
            ScalarField.add(node, 0, label, 0, node, 0);
            ScalarField.write(node, 0, nodes, at + i);
        }
    }

    /** {@code nodes[i] -= labels[i]}. */
    void decode(byte[] nodes, int at, byte[] labels, int labelsAt, int count) {
        for (int i = 0; i < count * PoRep.NODE; i += PoRep.NODE) {
            ScalarField.read(nodes, at + i, node, 0);
            ScalarField.read(labels, labelsAt + i, label, 0);
            ScalarField.subtract(node, 0, label, 0, node, 0);
            ScalarField.write(node, 0, nodes, at + i);
        }
    }
}
