package io.caravan.crypto;

import jdk.incubator.vector.IntVector;

/** Asks the machine; needs the module to be there. */
final class VectorWidth {

    private VectorWidth() {
    }

    static int bits() {
        return IntVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
