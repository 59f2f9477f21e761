package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Passphrase;
import io.caravan.node.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreVerbTest {

    @TempDir
    private Path home;

    private Path file(String name, String passphrase) throws IOException {
        Path file = Files.writeString(home.resolve(name), passphrase);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private FileKeystore keystore(String role, String passphrase) {
        return new FileKeystore(new NodeHome(home).folder(role, "keystore"), Optional.of(Passphrase.of(passphrase)));
    }

    @Test
    void aChangeOfThePassphraseThatWasKilledBetweenTwoRolesIsSaidAgain() throws IOException {
        String old = file("old", "correct horse").toString();
        String next = file("next", "battery staple").toString();
        for (String role : new String[] {"daemon", "miner"}) {
            keystore(role, "correct horse").jwtSecret(new SecureRandom());
        }
        var encrypted = StandInRole.say(home, "keystore", "encrypt", "--passphrase-file", old);
        assertThat(encrypted.code()).as(encrypted.err()).isZero();
        keystore("daemon", "correct horse").changePassphrase(Passphrase.of("battery staple")); // and then it was killed
        var said = StandInRole.say(home, "keystore", "change-passphrase", "--passphrase-file", old, "--new-passphrase-file", next);
        assertThat(said.code()).as(said.err()).isZero();
        keystore("daemon", "battery staple").unlock();
        keystore("miner", "battery staple").unlock();
        var wrong = StandInRole.say(home, "keystore", "change-passphrase", "--passphrase-file", old, "--new-passphrase-file",
                file("third", "something else").toString());
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("not the passphrase");
    }
}
