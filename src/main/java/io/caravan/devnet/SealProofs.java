package io.caravan.devnet;

/**
 * Registered proof types and the sector sizes they stand for (chain-and-rpc §4.4). Five sizes a family: 2 KiB to 64
 * GiB.
 */
final class SealProofs {

    private static final long[] SIZES = {2L << 10, 8L << 20, 512L << 20, 32L << 30, 64L << 30};
    private static final int V1_1 = 5;
    private static final int SYNTHETIC_END = 15;
    private static final int WINDOW_V1_1 = 10;

    private SealProofs() {
    }

    /** Whether a sector may be pre-committed with this type: V1_1 or its synthetic variant. */
    static boolean isAllowed(long sealProof) {
        return sealProof >= V1_1 && sealProof < SYNTHETIC_END;
    }

    /** Padded bytes of a sector of this seal proof type. */
    static long sectorSize(long sealProof) {
        return SIZES[(int) (sealProof % SIZES.length)];
    }

    /** The window PoSt type a miner must have for sectors of this seal proof type. */
    static long windowPost(long sealProof) {
        return WINDOW_V1_1 + sealProof % SIZES.length;
    }

    static long sectorSizeOfWindowPost(long windowPost) {
        return SIZES[(int) (windowPost % SIZES.length)];
    }

    /** The seal proof type of the sectors that are proven with this window PoSt type. */
    static long sealOfWindowPost(long windowPost) {
        return V1_1 + windowPost % SIZES.length;
    }

    static boolean isWindowPost(long type) {
        return type >= WINDOW_V1_1 && type < WINDOW_V1_1 + SIZES.length;
    }

    /** @throws IllegalArgumentException if no proof type has sectors of this size */
    static long windowPostOfSectorSize(long bytes) {
        for (int i = 0; i < SIZES.length; i++) {
            if (SIZES[i] == bytes) {
                return WINDOW_V1_1 + i;
            }
        }
        throw new IllegalArgumentException("sectors are 2 KiB, 8 MiB, 512 MiB, 32 GiB or 64 GiB, not " + bytes
                + " bytes");
    }
}
