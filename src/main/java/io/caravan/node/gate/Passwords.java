package io.caravan.node.gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords by Argon2id, 19 MiB and two passes, with a salt of 16 bytes: {@code argon2id$19456$2$SALT$HASH}. One at a
 * time, because each takes that memory.
 */
final class Passwords {

    /** Longer ones than anybody types are refused before they cost anything. */
    static final int MAX_CHARS = 1024;
    static final int MIN_CHARS = 8;

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern STORED = Pattern.compile("argon2id\\$(\\d{1,7})\\$(\\d{1,2})\\$([\\w-]+)\\$([\\w-]+)");
    private static final Semaphore ONE = new Semaphore(1, true);
    private static final String NOBODYS = stored(new byte[SALT_BYTES], new byte[HASH_BYTES]);

    private Passwords() {}

    /** @throws IllegalArgumentException in one sentence if it is too short or too long */
    static String hashed(String password) {
        if (password.length() < MIN_CHARS || password.length() > MAX_CHARS) {
            throw new IllegalArgumentException("a password has " + MIN_CHARS + " to " + MAX_CHARS + " characters");
        }
        byte[] salt = Secrets.random(SALT_BYTES);
        return stored(salt, derived(password, salt, MEMORY_KIB, PASSES, HASH_BYTES));
    }

    /** Whether it is the password of that hash. */
    static boolean matches(String password, String stored) {
        Matcher m = STORED.matcher(stored);
        if (!m.matches() || password.length() > MAX_CHARS) {
            return false;
        }
        byte[] hash = Base64.getUrlDecoder().decode(m.group(4));
        return MessageDigest.isEqual(hash, derived(password, Base64.getUrlDecoder().decode(m.group(3)),
                Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), hash.length));
    }

    /** Takes as long as for an account that is there, so that nobody learns which names are. */
    static void matchNobodys(String password) {
        matches(password, NOBODYS);
    }

    private static String stored(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "argon2id$" + MEMORY_KIB + '$' + PASSES + '$' + base64.encodeToString(salt) + '$' + base64.encodeToString(hash);
    }

    private static byte[] derived(String password, byte[] salt, int memory, int passes, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        byte[] out = new byte[length];
        ONE.acquireUninterruptibly();
        try {
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory).withIterations(passes).withParallelism(1).withSalt(salt).build());
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), out);
        } finally {
            ONE.release();
        }
        return out;
    }
}
