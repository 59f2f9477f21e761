package io.caravan.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The hash functions of the network; each takes its input in parts that are hashed as if joined. */
public final class Hashes {

    private Hashes() {
    }

    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = newSha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** A fresh SHA-256, for data that comes in pieces. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Unkeyed blake2b with a digest of {@code outBytes} bytes (1 … 64). */
    public static byte[] blake2b(int outBytes, byte[]... parts) {
        return digest(new Blake2bDigest(outBytes * 8), parts);
    }

    public static byte[] blake2b256(byte[]... parts) {
        return blake2b(32, parts);
    }

    /** Keccak-256 as Ethereum has it, not SHA3-256. */
    public static byte[] keccak256(byte[]... parts) {
        return digest(new KeccakDigest(256), parts);
    }

    private static byte[] digest(Digest digest, byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[digest.getDigestSize()];
        digest.doFinal(out, 0);
        return out;
    }
}
