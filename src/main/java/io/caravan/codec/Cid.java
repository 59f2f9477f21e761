package io.caravan.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A content identifier, version 0 or 1 (wire-protocols §11). Version 1 is {@code 01 ‖ codec ‖ multihash} and prints in
 * base32; version 0 is a bare sha2-256 multihash and prints as {@code Qm…}.
 */
public record Cid(int version, long codec, Multihash hash) implements Comparable<Cid> {

    public static final long RAW = 0x55;
    public static final long DAG_PB = 0x70;
    public static final long DAG_CBOR = 0x71;
    public static final long LIBP2P_KEY = 0x72;
    public static final long FIL_COMMITMENT_UNSEALED = 0xf101;
    public static final long FIL_COMMITMENT_SEALED = 0xf102;

    /** Longest binary CID we read or write, as cbor-gen has it. */
    public static final int MAX_BYTES = 511;

    public Cid {
        if (version != 0 && version != 1) {
            throw new CodecException("CID version " + version);
        }
        if (codec < 0) {
            throw new CodecException("a CID codec cannot be negative");
        }
        if (version == 0 && (codec != DAG_PB || hash.code() != Multihash.SHA2_256 || hash.digest().size() != 32)) {
            throw new CodecException("a CIDv0 is dag-pb with a sha2-256 of 32 bytes");
        }
    }

    public static Cid v1(long codec, Multihash hash) {
        return new Cid(1, codec, hash);
    }

    /** CID of a dag-cbor block by sha2-256: proposals and payload ({@code bafyrei…}). */
    public static Cid dagCborSha256(byte[] block) {
        return v1(DAG_CBOR, Multihash.sha256(block));
    }

    /** CID of a dag-cbor block by blake2b-256: everything on chain ({@code bafy2bzace…}). */
    public static Cid dagCborBlake2b(byte[] block) {
        return v1(DAG_CBOR, Multihash.blake2b256(block));
    }

    public static Cid rawSha256(byte[] block) {
        return v1(RAW, Multihash.sha256(block));
    }

    public static Cid dagPbSha256(byte[] block) {
        return v1(DAG_PB, Multihash.sha256(block));
    }

    /** Piece CID of a piece commitment, 32 bytes ({@code baga6ea4seaq…}). */
    public static Cid commP(byte[] commitment) {
        return commitment(FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED, commitment);
    }

    /** CID of a sector's unsealed data; the same form as {@link #commP}. */
    public static Cid commD(byte[] commitment) {
        return commP(commitment);
    }

    /** CID of a sealed sector, 32 bytes ({@code bagboea4b5abc…}). */
    public static Cid commR(byte[] commitment) {
        return commitment(FIL_COMMITMENT_SEALED, Multihash.POSEIDON_BLS12_381_A2_FC1, commitment);
    }

    private static Cid commitment(long codec, long hashCode, byte[] commitment) {
        if (commitment.length != 32) {
            throw new CodecException("a commitment has 32 bytes, not " + commitment.length);
        }
        return v1(codec, new Multihash(hashCode, Bytes.of(commitment)));
    }

    /** Whether this has exactly the form of a piece CID v1 (also of commD). */
    public boolean isCommP() {
        return isCommitment(FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED);
    }

    /** Whether this has exactly the form of a sealed sector CID. */
    public boolean isCommR() {
        return isCommitment(FIL_COMMITMENT_SEALED, Multihash.POSEIDON_BLS12_381_A2_FC1);
    }

    private boolean isCommitment(long wantedCodec, long wantedHash) {
        return version == 1 && codec == wantedCodec && hash.code() == wantedHash && hash.digest().size() == 32;
    }

    /** The 32 bytes of commP, commD or commR; refuses any other CID. */
    public byte[] commitment() {
        if (!isCommP() && !isCommR()) {
            throw new CodecException(this + " is not a piece or sector commitment");
        }
        return hash.digest().toArray();
    }

    /** Exactly one binary CID, nothing behind it. */
    public static Cid ofBytes(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        Cid cid = read(in);
        if (in.hasRemaining()) {
            throw new CodecException("bytes after the CID");
        }
        return cid;
    }

    /** Reads one binary CID at the buffer's position and moves behind it, as in a CAR section. */
    public static Cid read(ByteBuffer in) {
        int start = in.position();
        Cid cid;
        if (in.remaining() >= 2 && in.get(start) == Multihash.SHA2_256 && in.get(start + 1) == 32) {
            cid = new Cid(0, DAG_PB, Multihash.read(in));
        } else {
            long version = Varint.read(in);
            if (version != 1) {
                throw new CodecException("CID version " + version);
            }
            cid = v1(Varint.read(in), Multihash.read(in));
        }
        if (in.position() - start > MAX_BYTES) {
            throw new CodecException("CID of more than " + MAX_BYTES + " bytes");
        }
        return cid;
    }

    /** A CID in text: {@code Qm…}, or version 1 in base32, base58btc, base64, base36 or base16. */
    public static Cid parse(String text) {
        if (text.length() == 46 && text.startsWith("Qm")) {
            return ofBytes(Base58.decode(text));
        }
        if (text.length() < 8 || text.length() > 2 * MAX_BYTES + 1) {
            throw new CodecException("not a CID: " + text.length() + " characters");
        }
        Cid cid = ofBytes(Multibase.decode(text));
        if (cid.version == 0) {
            throw new CodecException("a CIDv0 has no multibase prefix");
        }
        return cid;
    }

    public byte[] toBytes() {
        byte[] multihash = hash.toBytes();
        if (version == 0) {
            return multihash;
        }
        var out = new ByteArrayOutputStream(multihash.length + 6);
        Varint.write(1, out);
        Varint.write(codec, out);
        out.writeBytes(multihash);
        return out.toByteArray();
    }

    /** Text in a base of choice; version 0 always prints in bare base58. */
    public String toString(Multibase base) {
        return version == 0 ? Base58.encode(toBytes()) : base.encode(toBytes());
    }

    @Override
    public String toString() {
        return toString(Multibase.BASE32);
    }

    /** Order of the binary forms. */
    @Override
    public int compareTo(Cid other) {
        return Bytes.wrap(toBytes()).compareTo(Bytes.wrap(other.toBytes()));
    }
}
