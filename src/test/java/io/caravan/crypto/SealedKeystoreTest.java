package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("compute")
class SealedKeystoreTest {

    private static final Passphrase RIGHT = Passphrase.of("correct horse");
    private static final Passphrase NEXT = Passphrase.of("battery staple");

    @TempDir
    private Path home;
    private Path folder;
    private FilAddress address;

    @BeforeEach
    void twoSecrets() {
        folder = home.resolve("keystore");
        address = new Wallet(with(null), Network.TESTNET, new SecureRandom()).generate(KeyType.SECP256K1);
        with(null).jwtSecret(new SecureRandom());
    }

    private FileKeystore with(Passphrase passphrase) {
        return new FileKeystore(folder, Optional.ofNullable(passphrase));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.put(file.getFileName().toString(), Files.readString(file));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            }
        }
        return all;
    }

    @Test
    void showsNoSecretOnDiskAndAllOfThemToWhoHasThePassphrase() throws IOException {
        Map<String, String> open = files();
        KeyInfo key = new Wallet(with(null), Network.TESTNET, new SecureRandom()).export(address);
        with(RIGHT).encrypt();
        assertThat(files().values()).noneMatch(text -> text.contains("PrivateKey")).noneMatch(text -> text.contains(key.privateKey().base64()));
        assertThat(with(RIGHT).standing()).isEqualTo(new FileKeystore.Standing(true, 3, 3));
        Wallet wallet = new Wallet(with(RIGHT), Network.TESTNET, new SecureRandom());
        assertThat(wallet.export(address)).isEqualTo(key);
        wallet.generate(KeyType.BLS);
        assertThat(files().values()).as("new ones are sealed too").noneMatch(text -> text.contains("PrivateKey"));
        wallet.list().stream().filter(other -> !other.equals(address)).forEach(wallet::delete);
        with(RIGHT).decrypt();
        assertThat(files()).as("the same bytes as before").isEqualTo(open);
    }

    @Test
    void refusesAnotherPassphraseAndNoneAtAllInASentence() throws IOException {
        with(RIGHT).encrypt();
        Map<String, String> sealed = files();
        assertThatThrownBy(() -> with(NEXT).unlock()).hasMessageContaining("not the passphrase").hasMessageContaining("nothing was changed");
        assertThatThrownBy(() -> with(null).unlock()).hasMessageContaining("caravan.keystore.passphrase-file");
        assertThatThrownBy(() -> with(NEXT).decrypt()).hasMessageContaining("not the passphrase");
        assertThatThrownBy(() -> with(NEXT).changePassphrase(RIGHT)).hasMessageContaining("not the passphrase");
        assertThat(files()).isEqualTo(sealed);
    }

    @Test
    void changesThePassphraseByOneFile() throws IOException {
        with(RIGHT).encrypt();
        Map<String, String> before = files();
        with(RIGHT).changePassphrase(NEXT);
        Map<String, String> after = files();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.keySet().stream().filter(name -> !after.get(name).equals(before.get(name))).toList()).containsExactly(".seal");
        assertThat(with(NEXT).find("wallet-" + address.toString(Network.TESTNET))).isPresent();
        assertThatThrownBy(() -> with(RIGHT).unlock()).hasMessageContaining("not the passphrase");
    }

    @Test
    void readsAKeystoreThatWasKilledHalfWayAndGoesOnWithIt() throws IOException {
        Map<String, String> open = files();
        with(RIGHT).encrypt();
        String first = open.keySet().iterator().next();
        Files.writeString(folder.resolve(first), open.get(first)); // as if the kill had come before this one
        assertThat(with(RIGHT).standing()).isEqualTo(new FileKeystore.Standing(true, 3, 2));
        for (String name : with(RIGHT).list()) {
            assertThat(with(RIGHT).find(name)).as(name).isPresent();
        }
        with(RIGHT).encrypt();
        assertThat(with(RIGHT).standing()).isEqualTo(new FileKeystore.Standing(true, 3, 3));
        with(RIGHT).decrypt();
        assertThat(files()).isEqualTo(open);
    }

    @Test
    void leavesNoOpenSecretOfAWriteThatWasKilled() throws IOException {
        String open = files().values().iterator().next();
        Path leftover = Files.createTempFile(folder, ".new-", null);
        Files.writeString(leftover, open);
        with(RIGHT).encrypt();
        assertThat(files().values()).noneMatch(text -> text.contains("PrivateKey"));
    }

    @Test
    void noticesAKeyPutUnderAnotherNameAndAChangedByte() throws IOException {
        with(RIGHT).encrypt();
        List<Path> keys = files().keySet().stream().filter(name -> !name.startsWith(".")).map(folder::resolve).toList();
        Files.writeString(keys.get(0), Files.readString(keys.get(1)));
        FileKeystore opened = with(RIGHT);
        assertThatThrownBy(() -> opened.list().forEach(opened::find)).isInstanceOf(CryptoException.class).hasMessageContaining("changed");
        String seal = Files.readString(folder.resolve(".seal"));
        Files.writeString(folder.resolve(".seal"), seal.replace("\"n\":65536", "\"n\":1073741824"));
        assertThatThrownBy(() -> with(RIGHT).unlock()).as("no derivation that takes all memory").hasMessageContaining("form");
        Files.writeString(folder.resolve(".seal"), seal.replace("\"n\":65536", "\"n\":1048576").replace("\"r\":8", "\"r\":4"));
        assertThatThrownBy(() -> with(RIGHT).unlock()).as("nor half a gigabyte").hasMessageContaining("form");
    }

    @Test
    void takesAPassphraseOnlyFromAFileOfItsOwners() throws IOException {
        Path file = Files.writeString(home.resolve("passphrase"), "correct horse\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Passphrase.ofFile(file)).hasMessageContaining("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        with(RIGHT).encrypt();
        with(Passphrase.ofFile(file)).unlock();
        Files.write(file, "short".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Passphrase.ofFile(file)).hasMessageContaining("8 to").message().doesNotContain("short");
        assertThat(RIGHT.toString()).doesNotContain("horse");
    }
}
