package io.caravan.crypto;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the secrets of one keystore, AES-256-GCM each under its own name. The key that does so is random and lies beside them, itself
 * sealed by what scrypt makes of the passphrase: one derivation a start, and another passphrase is one file replaced.
 */
final class KeySeal {

    private static final String FORMAT = "caravan-keystore/1";
    private static final String SEALED = "caravan-sealed";
    private static final String KEY_NAME = "the key of this keystore";
    /** Some 64 MiB and a fifth of a second. */
    private static final int N = 1 << 16;
    private static final int R = 8;
    private static final int P = 1;
    /** What a derivation may take: a seal is a file, and a file may be anybody's. */
    private static final long MOST_MEMORY = 256L << 20;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    private KeySeal(byte[] key) {
        this.key = key;
    }

    static KeySeal fresh() {
        return new KeySeal(random(32));
    }

    /** The seal in the form in which it lies beside the secrets. */
    String locked(Passphrase passphrase) {
        byte[] salt = random(16);
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("kdf", "scrypt").put("n", N).put("r", R).put("p", P)
                .put("salt", salt);
        put(json, passphrase.derive(salt, N, R, P), KEY_NAME, key);
        return json.toString();
    }

    /** @throws CryptoException the passphrase is another one, or the text is no seal */
    static KeySeal unlocked(String text, Passphrase passphrase) {
        JsonNode json = parsed(text);
        int n = json.path("n").asInt();
        int r = json.path("r").asInt();
        int p = json.path("p").asInt();
        if (!FORMAT.equals(json.path("format").asText()) || !"scrypt".equals(json.path("kdf").asText()) || Integer.bitCount(n) != 1 || n < 2
                || r < 1 || r > 16 || p < 1 || p > 4 || 128L * n * r > MOST_MEMORY) {
            throw new CryptoException("the keystore's seal is of a form that this program does not know");
        }
        try {
            return new KeySeal(get(json, passphrase.derive(bytes(json, "salt"), n, r, p), KEY_NAME));
        } catch (AEADBadTagException e) {
            throw new CryptoException("this is not the passphrase of the keystore; nothing was changed");
        }
    }

    /** Whether a key file is a sealed one. */
    static boolean isSealed(String text) {
        return text.startsWith("{\"" + SEALED + "\"");
    }

    /** A secret as it is kept under its name. */
    String sealed(String name, String secret) {
        ObjectNode json = JSON.createObjectNode().put(SEALED, 1);
        put(json, key, name, secret.getBytes(StandardCharsets.UTF_8));
        return json.toString();
    }

    /** @throws CryptoException it was sealed for another name or keystore, or changed */
    String opened(String name, String text) {
        try {
            return new String(get(parsed(text), key, name), StandardCharsets.UTF_8);
        } catch (AEADBadTagException e) {
            throw new CryptoException("the key file of " + name + " was changed, or belongs to another keystore");
        }
    }

    private static void put(ObjectNode json, byte[] with, String name, byte[] secret) {
        byte[] nonce = random(NONCE);
        try {
            json.put("nonce", nonce).put("sealed", cipher(Cipher.ENCRYPT_MODE, with, nonce, name).doFinal(secret));
        } catch (GeneralSecurityException e) {
            throw new CryptoException("sealing failed", e);
        }
    }

    private static byte[] get(JsonNode json, byte[] with, String name) throws AEADBadTagException {
        try {
            return cipher(Cipher.DECRYPT_MODE, with, bytes(json, "nonce"), name).doFinal(bytes(json, "sealed"));
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CryptoException("a sealed key cannot be opened", e);
        }
    }

    private static Cipher cipher(int mode, byte[] with, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(with, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CryptoException("a sealed key that is not JSON");
        }
    }

    private static byte[] bytes(JsonNode json, String field) {
        try {
            byte[] value = json.path(field).binaryValue();
            if (value == null || value.length == 0 || value.length > 64 * 1024) {
                throw new CryptoException("a sealed key without " + field);
            }
            return value;
        } catch (IOException e) {
            throw new CryptoException("a sealed key whose " + field + " is not base64");
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
