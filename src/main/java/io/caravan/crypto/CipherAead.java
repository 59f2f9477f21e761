package io.caravan.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** An {@link Aead} over a JCA cipher, set up afresh for each message. */
final class CipherAead implements Aead {

    private final SecretKeySpec key;
    private final Cipher cipher;

    CipherAead(byte[] key, Cipher cipher) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.cipher = cipher;
    }

    @Override
    public void seal(long counter, byte[] ad, byte[] in, int inFrom, int length, byte[] out, int outFrom) {
        try {
            start(Cipher.ENCRYPT_MODE, counter, ad);
            cipher.doFinal(in, inFrom, length, out, outFrom);
        } catch (GeneralSecurityException e) {
            throw new CryptoException("sealing failed", e);
        }
    }

    @Override
    public int open(long counter, byte[] ad, byte[] in, int inFrom, int length, byte[] out, int outFrom) {
        if (length < TAG_BYTES) {
            throw new CryptoException("sealed data of " + length + " bytes");
        }
        try {
            start(Cipher.DECRYPT_MODE, counter, ad);
            return cipher.doFinal(in, inFrom, length, out, outFrom);
        } catch (AEADBadTagException e) {
            throw new CryptoException("sealed data was changed or is under another key", e);
        } catch (GeneralSecurityException e) {
            throw new CryptoException("opening failed", e);
        }
    }

    private void start(int mode, long counter, byte[] ad) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putLong(counter).array();
        cipher.init(mode, key, new IvParameterSpec(nonce));
        if (ad.length > 0) {
            cipher.updateAAD(ad);
        }
    }
}
