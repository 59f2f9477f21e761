package io.caravan.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Makes {@link Aead}s: by Conscrypt's native code where it loads and passes a self-test, else by the JDK. */
public final class AeadProvider {

    private static final String ALGORITHM = "ChaCha20-Poly1305";

    private final String name;
    private final @Nullable Provider provider;

    private AeadProvider(String name, @Nullable Provider provider) {
        this.name = name;
        this.provider = provider;
    }

    /** The fastest that works on this machine; loading takes a moment, so keep it. */
    public static AeadProvider ofThisMachine() {
        try {
            AeadProvider conscrypt = new AeadProvider("conscrypt", Conscrypt.newProvider());
            if (conscrypt.works()) {
                return conscrypt;
            }
        } catch (LinkageError | RuntimeException e) {
            // No native library for this machine: the JDK does the same, slower.
            return jdk();
        }
        return jdk();
    }

    /** The JDK's own, for comparison and as fallback. */
    public static AeadProvider jdk() {
        return new AeadProvider("jdk", null);
    }

    /** {@code conscrypt} or {@code jdk}, for logs. */
    public String name() {
        return name;
    }

    /** An Aead under a key of 32 bytes. */
    public Aead newAead(byte[] key) {
        if (key.length != 32) {
            throw new CryptoException("a ChaCha20 key has 32 bytes");
        }
        try {
            return new CipherAead(key,
                    provider == null ? Cipher.getInstance(ALGORITHM) : Cipher.getInstance(ALGORITHM, provider));
        } catch (GeneralSecurityException e) {
            throw new CryptoException(name + " has no " + ALGORITHM, e);
        }
    }

    private boolean works() {
        byte[] key = new byte[32];
        byte[] ours = new byte[80];
        byte[] theirs = new byte[80];
        newAead(key).seal(7, key, new byte[64], 0, 64, ours, 0);
        jdk().newAead(key).seal(7, key, new byte[64], 0, 64, theirs, 0);
        return Arrays.equals(ours, theirs) && newAead(key).open(7, key, ours, 0, 80, theirs, 0) == 64;
    }
}
