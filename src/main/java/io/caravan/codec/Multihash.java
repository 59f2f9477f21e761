package io.caravan.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A digest that says which function made it: {@code uvarint code ‖ uvarint length ‖ digest} (wire-protocols §11). */
public record Multihash(long code, Bytes digest) {

    public static final long IDENTITY = 0x00;
    public static final long SHA2_256 = 0x12;
    public static final long BLAKE2B_256 = 0xb220;
    public static final long FR32_SHA256_TRUNC254_PADBINTREE = 0x1011;
    public static final long SHA2_256_TRUNC254_PADDED = 0x1012;
    public static final long POSEIDON_BLS12_381_A2_FC1 = 0xb401;

    /** Longest digest we read: identity hashes carry their block inside a CID of at most 512 bytes. */
    public static final int MAX_DIGEST = 512;

    public Multihash {
        if (code < 0) {
            throw new CodecException("a multihash code cannot be negative");
        }
        if (digest.size() > MAX_DIGEST) {
            throw new CodecException("multihash digest of " + digest.size() + " bytes");
        }
    }

    public static Multihash sha256(byte[] data) {
        return new Multihash(SHA2_256, Bytes.wrap(Hashes.sha256(data)));
    }

    public static Multihash blake2b256(byte[] data) {
        return new Multihash(BLAKE2B_256, Bytes.wrap(Hashes.blake2b256(data)));
    }

    public static Multihash identity(byte[] data) {
        return new Multihash(IDENTITY, Bytes.of(data));
    }

    /** Exactly one multihash, nothing behind it. */
    public static Multihash ofBytes(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        Multihash hash = read(in);
        if (in.hasRemaining()) {
            throw new CodecException("bytes after the multihash");
        }
        return hash;
    }

    /** Reads one multihash at the buffer's position and moves behind it. */
    public static Multihash read(ByteBuffer in) {
        long code = Varint.read(in);
        long length = Varint.read(in);
        if (length > MAX_DIGEST || length > in.remaining()) {
            throw new CodecException("multihash declares " + length + " bytes, " + in.remaining() + " are there");
        }
        byte[] digest = new byte[(int) length];
        in.get(digest);
        return new Multihash(code, Bytes.wrap(digest));
    }

    public byte[] toBytes() {
        var out = new ByteArrayOutputStream(digest.size() + 6);
        Varint.write(code, out);
        Varint.write(digest.size(), out);
        out.writeBytes(digest.array());
        return out.toByteArray();
    }

    /** Whether {@code data} hashes to this digest; false also for commP and Poseidon. */
    public boolean matches(byte[] data) {
        byte[] expected;
        if (code == SHA2_256) {
            expected = Hashes.sha256(data);
        } else if (code == BLAKE2B_256) {
            expected = Hashes.blake2b256(data);
        } else if (code == IDENTITY) {
            expected = data;
        } else {
            return false;
        }
        return Arrays.equals(expected, digest.array());
    }
}
