package io.caravan.node.cli;

import io.caravan.crypto.CryptoException;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Passphrase;
import io.caravan.node.Keystores;
import io.caravan.node.RoleLock;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The private keys of a home folder's daemon and miner: whether they lie open, and how to close them. */
@Command(name = "keystore", description = {"Encrypt the private keys of daemon and miner, change the passphrase, or look.",
        "The roles have to be stopped, but for status. The passphrase comes from caravan.keystore.passphrase-file, systemd's credential "
        + "caravan-keystore, or the variable CARAVAN_KEYSTORE_PASSPHRASE."},
        footer = {"", "Example: ./caravan keystore encrypt --passphrase-file ~/.caravan-passphrase", "         ./caravan keystore status --json"})
final class KeystoreVerb extends Verb {

    private static final List<String> ROLES = List.of("daemon", "miner");
    private static final String KEY = "caravan.keystore.passphrase-file";

    @Parameters(paramLabel = "WHAT", description = "status, encrypt, decrypt or change-passphrase.")
    private String what = "";

    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "The file that holds the passphrase now, in place of " + KEY + ".")
    private String passphraseFile = "";

    @Option(names = "--new-passphrase-file", paramLabel = "FILE", description = "change-passphrase: the file that holds the next one.")
    private Path next;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override one setting; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        if (!passphraseFile.isEmpty()) {
            overrides.put(KEY, passphraseFile);
        }
        Settings settings = RoleSettings.load(home().root(), overrides);
        List<String> roles = ROLES.stream().filter(role -> Files.isDirectory(home().of(role).resolve("keystore"))).toList();
        if (roles.isEmpty()) {
            throw new CliException(CliException.FIX_INPUT, "the home folder %s has no keystore yet: start a role once, or name another one by --home".formatted(home().root()));
        }
        try {
            if (!what.equals("status")) {
                changed(roles, settings);
            }
            return told(roles, settings);
        } catch (CryptoException e) {
            throw new CliException(CliException.FIX_INPUT, e.getMessage());
        }
    }

    private void changed(List<String> roles, Settings settings) throws IOException {
        List<RoleLock> locks = new ArrayList<>();
        try {
            for (String role : roles) {
                locks.add(RoleLock.take(home(), role));
            }
            List<String> left = new ArrayList<>();
            for (String role : roles) { // all of them before the first is changed
                if (isToDo(role, settings)) {
                    left.add(role);
                }
            }
            for (String role : left) {
                change(Keystores.open(home(), role, settings));
            }
        } finally {
            for (RoleLock lock : locks) {
                lock.close();
            }
        }
    }

    /** Opens it; false if it has the next passphrase already, because a change was cut short between two roles. */
    private boolean isToDo(String role, Settings settings) {
        try {
            Keystores.open(home(), role, settings).unlock();
            return true;
        } catch (CryptoException e) {
            if (next == null || !what.equals("change-passphrase")) {
                throw e;
            }
            try {
                new FileKeystore(home().folder(role, "keystore"), Optional.of(Passphrase.ofFile(next))).unlock();
                return false;
            } catch (CryptoException other) {
                throw e;
            }
        }
    }

    private void change(FileKeystore keystore) {
        switch (what) {
            case "encrypt" -> keystore.encrypt();
            case "decrypt" -> keystore.decrypt();
            case "change-passphrase" -> {
                if (next == null) {
                    throw new CliException(CliException.FIX_INPUT, "change-passphrase needs --new-passphrase-file FILE");
                }
                keystore.changePassphrase(Passphrase.ofFile(next));
            }
            default -> throw new CliException(CliException.FIX_INPUT, "'" + what + "' is not one of status, encrypt, decrypt, change-passphrase");
        }
    }

    private int told(List<String> roles, Settings settings) {
        var all = object();
        StringBuilder text = new StringBuilder();
        for (String role : roles) {
            FileKeystore.Standing standing = Keystores.open(home(), role, settings).standing();
            all.putObject(role).put("encrypted", standing.isSealed()).put("secrets", standing.secrets()).put("sealed", standing.sealed());
            text.append("%-7s %s%n".formatted(role, !standing.isSealed() ? standing.secrets() + " secrets, open (./caravan keystore encrypt)"
                    : standing.sealed() == standing.secrets() ? standing.secrets() + " secrets, encrypted"
                    : "%d of %d secrets encrypted: it was cut short, say it again".formatted(standing.sealed(), standing.secrets())));
        }
        if (what.equals("encrypt")) {
            text.append("What lay open before may still be found in the disk's free blocks and in older backups.\n");
        }
        return answer(all, text.toString());
    }
}
