package io.caravan.libp2p;

import java.util.Arrays;

/**
 * The name of a peer: the multihash of its public key (spec libp2p 1.9). Two ids are equal if their bytes are, however they were written.
 */
public final class PeerId implements Comparable<PeerId> {

    private final byte[] multihash;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
    }

    /**
     * Reads any of the text forms: base58 ({@code 12D3KooW…}, {@code Qm…}) or a CID of codec libp2p-key.
     *
     * @throws IllegalArgumentException if it is none of them, or the key inside is broken
     */
    public static PeerId parse(String text) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Takes the multihash's bytes.
     *
     * @throws IllegalArgumentException if they are no identity or sha2-256 multihash of a public key
     */
    public static PeerId ofBytes(byte[] multihash) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The multihash's bytes, a copy. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** The base58 form, as Lotus prints it. */
    @Override
    public String toString() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The form as CIDv1 in base32, {@code bafz…}. */
    public String toCid() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(multihash, that.multihash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(multihash);
    }
}
