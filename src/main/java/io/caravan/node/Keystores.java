package io.caravan.node;

import io.caravan.crypto.CryptoException;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Passphrase;
import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the keystores of a home folder with the passphrase that this run is given: by the file that
 * {@code caravan.keystore.passphrase-file} names, systemd's credential {@value #CREDENTIAL}, or the variable
 * {@value #VARIABLE}; the first that is there. Never by an argument, which everybody on the machine can read.
 */
public final class Keystores {

    /** The name of the credential in a unit: {@code LoadCredential=caravan-keystore:…}. */
    public static final String CREDENTIAL = "caravan-keystore";
    private static final String VARIABLE = "CARAVAN_KEYSTORE_PASSPHRASE";
    private static final String KEY = "caravan.keystore.passphrase-file";

    private Keystores() {}

    /**
     * A role's keystore, unlocked.
     *
     * @throws ConfigException in a sentence when it is sealed and the passphrase is missing or another one
     */
    static FileKeystore unlocked(NodeHome home, String role, Settings settings) {
        try {
            FileKeystore keystore = open(home, role, settings);
            keystore.unlock();
            return keystore;
        } catch (CryptoException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    /** A role's keystore, not yet unlocked. */
    public static FileKeystore open(NodeHome home, String role, Settings settings) {
        return new FileKeystore(home.folder(role, "keystore"), passphrase(settings, System.getenv()));
    }

    /** What this run is given. */
    static Optional<Passphrase> passphrase(Settings settings, Map<String, String> environment) {
        if (settings.optional(KEY).isPresent()) {
            return Optional.of(Passphrase.ofFile(settings.path(KEY)));
        }
        String credentials = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        Path credential = Path.of(credentials, CREDENTIAL);
        if (!credentials.isEmpty() && Files.exists(credential)) {
            return Optional.of(Passphrase.ofCredential(credential));
        }
        return Optional.ofNullable(environment.get(VARIABLE)).filter(words -> !words.isEmpty()).map(Passphrase::of);
    }
}
