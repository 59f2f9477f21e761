package io.caravan.sealing;

import io.caravan.model.PaddedPieceSize;

/** The registered seal proof types that a new sector may have: version 1.1, one a sector size (chain-and-rpc §4.4). */
public enum SealProof {
    SEAL_2K(5, 2L << 10),
    SEAL_8M(6, 8L << 20),
    SEAL_512M(7, 512L << 20),
    SEAL_32G(8, 32L << 30),
    SEAL_64G(9, 64L << 30);

    private final long number;
    private final PaddedPieceSize sectorSize;

    SealProof(long number, long sectorBytes) {
        this.number = number;
        this.sectorSize = PaddedPieceSize.of(sectorBytes);
    }

    /** The network's number, as pre-commits carry it. */
    public long number() {
        return number;
    }

    /** Padded bytes of such a sector. */
    public PaddedPieceSize sectorSize() {
        return sectorSize;
    }

    /** @throws IllegalArgumentException naming a number that no new sector may have */
    public static SealProof ofNumber(long number) {
        for (SealProof proof : values()) {
            if (proof.number == number) {
                return proof;
            }
        }
        throw new IllegalArgumentException("no sector is sealed with proof type " + number);
    }

    /** @throws IllegalArgumentException naming a size, in padded bytes, that no sector has */
    public static SealProof ofSectorSize(long bytes) {
        for (SealProof proof : values()) {
            if (proof.sectorSize.bytes() == bytes) {
                return proof;
            }
        }
        throw new IllegalArgumentException("no sector has " + bytes
                + " bytes: 2 KiB, 8 MiB, 512 MiB, 32 GiB and 64 GiB there are");
    }
}
