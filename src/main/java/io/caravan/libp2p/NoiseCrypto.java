package io.caravan.libp2p;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The primitives of Noise: X25519 by BouncyCastle, ChaCha20-Poly1305 by Conscrypt where its native library loads, else by the JDK. */
final class NoiseCrypto {

    private static final Logger LOG = LoggerFactory.getLogger(NoiseCrypto.class);
    private static final @Nullable Provider CONSCRYPT = conscrypt();

    private NoiseCrypto() {}

    static byte[] publicKey(byte[] secret) {
        byte[] key = new byte[32];
        X25519.scalarMultBase(secret, 0, key, 0);
        return key;
    }

    static byte[] agree(byte[] secret, byte[] theirs) {
        byte[] shared = new byte[32];
        if (!X25519.calculateAgreement(secret, 0, theirs, 0, shared, 0)) {
            throw new PeerMisbehavedException("the peer sent a key of small order");
        }
        return shared;
    }

    static Aead aead(byte[] key) {
        return new Aead(key);
    }

    /** Which implementation encrypts, for the log and the benchmark. */
    static String aeadName() {
        return CONSCRYPT != null ? "Conscrypt" : "JDK";
    }

    private static @Nullable Provider conscrypt() {
        try {
            Provider provider = Conscrypt.newProvider();
            Cipher.getInstance("ChaCha20/Poly1305/NoPadding", provider);
            return provider;
        } catch (GeneralSecurityException | LinkageError e) {
            LOG.info("Conscrypt is not available here ({}), Noise runs on the JDK's slower cipher", e.toString());
            return null;
        }
    }

    /** One key; not for more than one thread at a time. */
    static final class Aead {

        private final Cipher cipher;
        private final SecretKeySpec key;

        private Aead(byte[] key) {
            this.key = new SecretKeySpec(key, "ChaCha20");
            try {
                cipher = CONSCRYPT != null ? Cipher.getInstance("ChaCha20/Poly1305/NoPadding", CONSCRYPT)
                        : Cipher.getInstance("ChaCha20-Poly1305");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("no ChaCha20-Poly1305", e);
            }
        }

        void seal(byte[] nonce, byte[] associated, byte[] in, int from, int count, byte[] out, int to) {
            try {
                run(Cipher.ENCRYPT_MODE, nonce, associated, in, from, count, out, to);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("cannot encrypt", e);
            }
        }

        int open(byte[] nonce, byte[] associated, byte[] in, int from, int count, byte[] out, int to) {
            try {
                return run(Cipher.DECRYPT_MODE, nonce, associated, in, from, count, out, to);
            } catch (AEADBadTagException e) {
                throw new PeerMisbehavedException("a message that is not authentic", e);
            } catch (GeneralSecurityException e) {
                throw new PeerMisbehavedException("a message that cannot be decrypted", e);
            }
        }

        private int run(int mode, byte[] nonce, byte[] associated, byte[] in, int from, int count, byte[] out, int to)
                throws GeneralSecurityException {
            cipher.init(mode, key, new IvParameterSpec(nonce));
            if (associated.length > 0) {
                cipher.updateAAD(associated);
            }
            return cipher.doFinal(in, from, count, out, to);
        }
    }
}
