package io.caravan.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.crypto.generators.SCrypt;

/** What opens a sealed keystore: words of a person, or the bytes of a key file. It never shows. */
public final class Passphrase {

    private static final int LEAST = 8;
    private static final int MOST = 64 * 1024;
    private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final byte[] secret;

    private Passphrase(byte[] secret) {
        if (secret.length < LEAST || secret.length > MOST) {
            throw new CryptoException("a passphrase has " + LEAST + " to " + MOST + " bytes, this one has " + secret.length);
        }
        this.secret = secret;
    }

    public static Passphrase of(String words) {
        return new Passphrase(words.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a file without the line's end; only its owner may read the file. */
    public static Passphrase ofFile(Path file) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new CryptoException("the passphrase file " + file + " is open to others; chmod 600 it");
            }
            return ofCredential(file);
        } catch (IOException e) {
            throw new CryptoException("the passphrase file " + file + " cannot be read: " + e, e);
        }
    }

    /** The same for a file whose access somebody else sees to, such as systemd. */
    public static Passphrase ofCredential(Path file) {
        try {
            if (Files.size(file) > MOST) {
                throw new CryptoException("the passphrase file " + file + " has more than " + MOST + " bytes");
            }
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
                end--;
            }
            return new Passphrase(Arrays.copyOf(bytes, end));
        } catch (IOException e) {
            throw new CryptoException("the passphrase file " + file + " cannot be read: " + e, e);
        }
    }

    /** 32 bytes by scrypt. */
    byte[] derive(byte[] salt, int n, int r, int p) {
        return SCrypt.generate(secret, salt, n, r, p, 32);
    }

    @Override
    public String toString() {
        return "Passphrase[secret]";
    }
}
