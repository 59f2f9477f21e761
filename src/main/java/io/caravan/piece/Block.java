package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;

/**
 * Bytes with the CID that names them; the bytes are not copied and must not be changed afterwards.
 *
 * <p>Not checked on construction: {@link #checked} is for bytes from outside.
 */
public record Block(Cid cid, byte[] data) {
    /** The largest block we read or write, as graphsync and CAR readers elsewhere bound theirs. */
    public static final int MAX_BYTES = 8 << 20;

    /**
     * A block whose bytes hash to its CID (sha2-256, blake2b-256 or identity).
     *
     * @throws MalformedBlockException when they do not, when the hash function is another, or it is larger than 8 MiB
     */
    public static Block checked(Cid cid, byte[] data) {
        if (data.length > MAX_BYTES) {
            throw new MalformedBlockException("Block " + cid + " has " + data.length + " bytes, at most " + MAX_BYTES);
        }
        if (!cid.hash().matches(data)) {
            throw new MalformedBlockException(isKnown(cid.hash().code())
                    ? "Block " + cid + " does not match its hash"
                    : "Block " + cid + " uses hash function 0x" + Long.toHexString(cid.hash().code())
                            + "; sha2-256, blake2b-256 and identity are known");
        }
        return new Block(cid, data);
    }

    private static boolean isKnown(long code) {
        return code == Multihash.SHA2_256 || code == Multihash.BLAKE2B_256 || code == Multihash.IDENTITY;
    }
}
