package io.caravan.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * ECDSA on secp256k1 over 32-byte digests, with recovery: signatures are {@code R(32) ‖ S(32) ‖ V(1)}, V 0 … 3, low-S,
 * deterministic by RFC 6979 (chain-and-rpc §3.5).
 */
public final class Secp256k1 {

    public static final int SIGNATURE_BYTES = 65;

    static final ECDomainParameters CURVE = domain();

    private static final BigInteger N = CURVE.getN();
    private static final BigInteger HALF_N = N.shiftRight(1);

    private Secp256k1() {
    }

    /** A new private key, 32 bytes. */
    public static byte[] generate(SecureRandom random) {
        return BigIntegers.asUnsignedByteArray(32,
                BigIntegers.createRandomInRange(BigInteger.ONE, N.subtract(BigInteger.ONE), random));
    }

    /** The public key: 65 bytes uncompressed, or 33 compressed. */
    public static byte[] publicKey(byte[] privateKey, boolean isCompressed) {
        return new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar(privateKey)).normalize()
                .getEncoded(isCompressed);
    }

    public static byte[] sign(byte[] privateKey, byte[] digest) {
        BigInteger d = scalar(privateKey);
        BigInteger e = number(digest);
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(N, d, digest);
        while (true) {
            BigInteger k = nonces.nextK();
            ECPoint point = new FixedPointCombMultiplier().multiply(CURVE.getG(), k).normalize();
            BigInteger x = point.getAffineXCoord().toBigInteger();
            BigInteger r = x.mod(N);
            BigInteger s = BigIntegers.modOddInverse(N, k).multiply(e.add(d.multiply(r))).mod(N);
            if (r.signum() != 0 && s.signum() != 0) {
                int v = (point.getAffineYCoord().testBitZero() ? 1 : 0) | (x.compareTo(N) >= 0 ? 2 : 0);
                boolean isHigh = s.compareTo(HALF_N) > 0;
                return encode(r, isHigh ? N.subtract(s) : s, isHigh ? v ^ 1 : v);
            }
        }
    }

    /** The uncompressed public key (65 bytes) that made {@code signature} over {@code digest}, if any could have. */
    public static Optional<byte[]> recover(byte[] digest, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES || digest.length != 32 || signature[64] < 0 || signature[64] > 3) {
            return Optional.empty();
        }
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        if (r.signum() == 0 || s.signum() == 0 || r.compareTo(N) >= 0 || s.compareTo(N) >= 0) {
            return Optional.empty();
        }
        int v = signature[64];
        BigInteger x = (v & 2) == 0 ? r : r.add(N);
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (2 | v & 1);
        if (x.bitLength() > 256) {
            return Optional.empty();
        }
        BigIntegers.asUnsignedByteArray(x, compressed, 1, 32);
        try {
            ECPoint point = CURVE.getCurve().decodePoint(compressed);
            BigInteger inverse = BigIntegers.modOddInverse(N, r);
            BigInteger u1 = number(digest).negate().multiply(inverse).mod(N);
            BigInteger u2 = s.multiply(inverse).mod(N);
            ECPoint key = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), u1, point, u2).normalize();
            return key.isInfinity() ? Optional.empty() : Optional.of(key.getEncoded(false));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] encode(BigInteger r, BigInteger s, int v) {
        byte[] out = new byte[SIGNATURE_BYTES];
        BigIntegers.asUnsignedByteArray(r, out, 0, 32);
        BigIntegers.asUnsignedByteArray(s, out, 32, 32);
        out[64] = (byte) v;
        return out;
    }

    static BigInteger scalar(byte[] privateKey) {
        BigInteger d = new BigInteger(1, privateKey);
        if (privateKey.length != 32 || d.signum() == 0 || d.compareTo(N) >= 0) {
            throw new CryptoException("not a secp256k1 private key");
        }
        return d;
    }

    private static BigInteger number(byte[] digest) {
        if (digest.length != 32) {
            throw new CryptoException("secp256k1 signs digests of 32 bytes");
        }
        return new BigInteger(1, digest);
    }

    private static ECDomainParameters domain() {
        X9ECParameters curve = CustomNamedCurves.getByName("secp256k1");
        return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }
}
