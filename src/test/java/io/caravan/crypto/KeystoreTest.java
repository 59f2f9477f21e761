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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeystoreTest {

    private static final KeyInfo SAMPLE = new KeyInfo(KeyType.SECP256K1, Bytes.ofHex("11".repeat(32)));

    @TempDir
    private Path home;

    private FileKeystore keystore;
    private Wallet wallet;

    @BeforeEach
    void open() {
        keystore = new FileKeystore(home.resolve("keystore"));
        wallet = new Wallet(keystore, Network.TESTNET, new SecureRandom());
    }

    @Test
    void keepsSecretsInTheLayoutOfLotus() throws IOException {
        Bytes secret = keystore.jwtSecret(new SecureRandom());
        assertThat(secret.size()).isEqualTo(32);
        assertThat(new FileKeystore(home.resolve("keystore")).jwtSecret(new SecureRandom())).isEqualTo(secret);
        Path file = home.resolve("keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU");
        assertThat(Files.readString(file)).isEqualTo(
                "{\"Type\":\"jwt-hmac-secret\",\"PrivateKey\":\"" + secret.base64() + "\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("keystore"))))
                .isEqualTo("rwx------");
        assertThat(keystore.list()).containsExactly(Keystore.JWT_SECRET);
    }

    @Test
    void neverOverwritesASecret() throws IOException {
        keystore.put("libp2p-host", SAMPLE);
        assertThatThrownBy(() -> keystore.put("libp2p-host", new KeyInfo(KeyType.BLS, Bytes.ofHex("22"))))
                .isInstanceOf(CryptoException.class).hasMessageContaining("libp2p-host");
        assertThat(keystore.find("libp2p-host")).contains(SAMPLE);
        try (var files = Files.list(home.resolve("keystore"))) {
            assertThat(files).hasSize(1);
        }
        keystore.delete("libp2p-host");
        keystore.delete("libp2p-host");
        assertThat(keystore.find("libp2p-host")).isEmpty();
    }

    @Test
    void refusesAFileThatOthersCanRead() throws IOException {
        keystore.put("default", SAMPLE);
        Path file;
        try (var files = Files.list(home.resolve("keystore"))) {
            file = files.findFirst().orElseThrow();
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> keystore.find("default")).isInstanceOf(CryptoException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void ignoresForeignFilesAndHalfWrittenOnes() throws IOException {
        Files.writeString(home.resolve("keystore/.new-123.tmp"), "half");
        Files.writeString(home.resolve("keystore/README"), "?");
        assertThat(keystore.list()).doesNotContain(".new-123.tmp");
        assertThat(wallet.list()).isEmpty();
    }

    @Test
    void readsWhatLotusExports() {
        String hex = Bytes.utf8(SAMPLE.toJson()).hex();
        assertThat(KeyInfo.parse(hex + "\n")).isEqualTo(SAMPLE);
        assertThat(KeyInfo.parse(SAMPLE.toJson())).isEqualTo(SAMPLE);
        assertThat(SAMPLE).hasToString("KeyInfo[secp256k1, secret]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "zz", "7b7d", "{\"Type\":\"delegated\",\"PrivateKey\":\"SECRET==\"}",
        "{\"Type\":\"secp256k1\",\"PrivateKey\":\"SECRET!\"}", "{\"Type\":\"rsa\",\"PrivateKey\":\"AAAA\"}", "null"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> KeyInfo.parse(text)).isInstanceOf(CryptoException.class)
                .hasMessageNotContaining("SECRET").hasNoCause();
    }

    @Test
    void aWalletSignsForItsKeysOnly() {
        FilAddress first = wallet.generate(KeyType.SECP256K1);
        FilAddress second = wallet.generate(KeyType.BLS);
        assertThat(wallet.list()).containsExactlyInAnyOrder(first, second);
        assertThat(keystore.list()).contains("wallet-" + first.toString(Network.TESTNET), "default");
        assertThat(wallet.defaultAddress()).contains(first);
        byte[] message = "m".getBytes(StandardCharsets.US_ASCII);
        for (FilAddress address : wallet.list()) {
            assertThat(Signatures.verify(wallet.sign(address, message), address, message)).isTrue();
        }
        assertThatThrownBy(() -> wallet.sign(FilAddress.ofId(5), message)).isInstanceOf(CryptoException.class)
                .hasMessageContaining("t05");
        wallet.setDefault(second);
        wallet.delete(first);
        wallet.delete(first);
        assertThat(wallet.list()).containsExactly(second);
        assertThat(wallet.defaultAddress()).contains(second);
        wallet.delete(second);
        assertThat(wallet.defaultAddress()).isEmpty();
    }

    @Test
    void importingTwiceChangesNothing() {
        FilAddress address = wallet.importKey(SAMPLE);
        assertThat(wallet.importKey(SAMPLE)).isEqualTo(address);
        assertThat(wallet.export(address)).isEqualTo(SAMPLE);
        assertThat(new Wallet(keystore, Network.MAINNET, new SecureRandom()).has(address)).isTrue();
        assertThatThrownBy(() -> wallet.importKey(new KeyInfo(KeyType.LIBP2P_HOST, Bytes.ofHex("01"))))
                .isInstanceOf(CryptoException.class);
    }
}
