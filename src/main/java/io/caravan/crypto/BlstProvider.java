package io.caravan.crypto;

import java.math.BigInteger;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;
import supranational.blst.BLST_ERROR;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;
import supranational.blst.SecretKey;

/** BLS by the native blst library. */
final class BlstProvider implements BlsProvider {

    private static final String DST = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";
    private static final BigInteger ORDER =
            new BigInteger("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", 16);

    @Override
    public byte[] generate(byte[] seed) {
        if (seed.length < 32) {
            throw new CryptoException("a BLS key needs a seed of at least 32 bytes");
        }
        SecretKey key = new SecretKey();
        key.keygen(seed);
        return key.to_lendian();
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        return new P1(secret(privateKey)).compress();
    }

    @Override
    public byte[] sign(byte[] privateKey, byte[] message) {
        return new P2().hash_to(message, DST).sign_with(secret(privateKey)).compress();
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != 48 || signature.length != 96) {
            return false;
        }
        try {
            P1_Affine key = new P1_Affine(publicKey);
            P2_Affine point = new P2_Affine(signature);
            return !key.is_inf() && key.in_group() && point.in_group()
                    && point.core_verify(key, true, message, DST) == BLST_ERROR.BLST_SUCCESS;
        } catch (RuntimeException e) {
            // The binding throws a bare RuntimeException for bytes that are no point.
            return false;
        }
    }

    private static SecretKey secret(byte[] privateKey) {
        BigInteger scalar = new BigInteger(1, Arrays.reverse(privateKey));
        if (privateKey.length != 32 || scalar.signum() == 0 || scalar.compareTo(ORDER) >= 0) {
            throw new CryptoException("not a BLS private key");
        }
        SecretKey key = new SecretKey();
        key.from_lendian(privateKey);
        return key;
    }

    /** Loads the library once, when BLS is first needed, and remembers why it could not. */
    static final class Loaded {

        static final Loaded PROVIDER = load();

        private final @Nullable BlsProvider provider;
        private final @Nullable Throwable failure;

        private Loaded(@Nullable BlsProvider provider, @Nullable Throwable failure) {
            this.provider = provider;
            this.failure = failure;
        }

        private static Loaded load() {
            try {
                BlsProvider blst = new BlstProvider();
                byte[] key = blst.generate(new byte[32]);
                byte[] message = {1};
                if (!blst.verify(blst.publicKey(key), message, blst.sign(key, message))) {
                    throw new IllegalStateException("blst failed its self-test");
                }
                return new Loaded(blst, null);
            } catch (LinkageError | RuntimeException e) {
                return new Loaded(null, e);
            }
        }

        BlsProvider orElseThrow() {
            if (provider != null) {
                return provider;
            }
            CryptoException absent = new CryptoException("BLS (f3) keys need the native blst library, which does not"
                    + " load on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                    + "; use secp256k1 (f1) keys here");
            if (failure != null) {
                absent.initCause(failure);
            }
            throw absent;
        }
    }
}
