package io.caravan.libp2p;

import io.caravan.codec.Base58;
import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import io.caravan.crypto.PubKey;
import java.util.Arrays;

/**
 * The name of a peer: the multihash of its public key (spec libp2p 1.9). Two ids are equal if their bytes are, however
 * they were written.
 */
public final class PeerId implements Comparable<PeerId> {

    /** Keys up to this many encoded bytes stand in the id themselves, longer ones by their hash. */
    private static final int INLINE_KEY = 42;
    private static final int MAX_TEXT = 128;

    private final byte[] multihash;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
    }

    /** The id of that key's holder. */
    public static PeerId of(PubKey key) {
        byte[] encoded = key.toProtobuf();
        return new PeerId((encoded.length <= INLINE_KEY ? Multihash.identity(encoded) : Multihash.sha256(encoded))
                .toBytes());
    }

    /**
     * Reads any of the text forms: base58 ({@code 12D3KooW…}, {@code Qm…}) or a CID of codec libp2p-key.
     *
     * @throws IllegalArgumentException if it is none of them, or the key inside is broken
     */
    public static PeerId parse(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a peer id has at most " + MAX_TEXT + " characters, not "
                    + text.length());
        }
        try {
            if (text.startsWith("1") || text.startsWith("Qm")) {
                return ofBytes(Base58.decode(text));
            }
            Cid cid = Cid.parse(text);
            if (cid.codec() != Cid.LIBP2P_KEY) {
                throw new IllegalArgumentException("the CID's codec is 0x" + Long.toHexString(cid.codec())
                        + ", not libp2p-key");
            }
            return ofBytes(cid.hash().toBytes());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no peer id: '" + text + "': " + e.getMessage(), e);
        }
    }

    /**
     * Takes the multihash's bytes.
     *
     * @throws IllegalArgumentException if they are no identity or sha2-256 multihash of a public key
     */
    public static PeerId ofBytes(byte[] multihash) {
        Multihash hash = Multihash.ofBytes(multihash);
        if (hash.code() == Multihash.IDENTITY) {
            if (hash.digest().size() > INLINE_KEY) {
                throw new IllegalArgumentException("a key of " + hash.digest().size()
                        + " bytes does not stand in a peer id");
            }
            PubKey.ofProtobuf(hash.digest().toArray());
        } else if (hash.code() != Multihash.SHA2_256 || hash.digest().size() != 32) {
            throw new IllegalArgumentException("a peer id is an identity or sha2-256 multihash");
        }
        return new PeerId(multihash.clone());
    }

    /** The multihash's bytes, a copy. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** The base58 form, as Lotus prints it. */
    @Override
    public String toString() {
        return Base58.encode(multihash);
    }

    /** The form as CIDv1 in base32, {@code bafz…}. */
    public String toCid() {
        return Cid.v1(Cid.LIBP2P_KEY, Multihash.ofBytes(multihash)).toString();
    }

    /** The last characters of the id, enough for a log line. */
    String brief() {
        String text = toString();
        return "…" + text.substring(text.length() - 8);
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
