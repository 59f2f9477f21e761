package io.caravan.proofs;

import io.caravan.piece.PairHasher;

/** SHA-256 over two nodes, the two top bits of the last byte cleared. */
final class ShaPairs implements BatchHash {

    private final PairHasher pairs = new PairHasher();

    @Override
    public int arity() {
        return 2;
    }

    @Override
    public void hash(byte[] in, int inAt, byte[] out, int outAt, int count) {
        pairs.hash(in, inAt, out, outAt, count);
    }
}
