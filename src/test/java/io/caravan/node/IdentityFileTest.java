package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.crypto.CryptoException;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Keystore;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {

    @TempDir
    Path folder;
    private NodeHome home;
    private Keystore keystore;
    private PeerId own;

    @BeforeEach
    void makeAnIdentity() {
        home = new NodeHome(folder.resolve("home"));
        keystore = new FileKeystore(home.folder("miner", "keystore"));
        PrivKey key = PrivKey.generate(new SecureRandom());
        keystore.put(Keystore.LIBP2P_HOST, key.toKeyInfo());
        own = PeerId.of(key.publicKey());
    }

    @Test
    void carriesAnIdentityToAnotherHomeFolder() throws IOException {
        Path file = folder.resolve("key.json");
        assertThat(IdentityFile.exported(home, "miner", file)).isEqualTo(own);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        NodeHome other = new NodeHome(folder.resolve("other"));
        assertThat(IdentityFile.imported(other, "miner", file)).isEqualTo(own);
        assertThat(new FileKeystore(other.folder("miner", "keystore")).find(Keystore.LIBP2P_HOST)).isEqualTo(keystore.find(Keystore.LIBP2P_HOST));
    }

    @Test
    void keepsTheIdentityThatItReplaces() throws IOException {
        PrivKey better = PrivKey.generate(new SecureRandom());
        Path file = Files.writeString(folder.resolve("key.json"), better.toKeyInfo().toJson());
        assertThat(IdentityFile.imported(home, "miner", file)).isEqualTo(PeerId.of(better.publicKey()));
        assertThat(keystore.list()).contains("libp2p-host-" + own);
    }

    @Test
    void refusesWhatIsNoIdentityAndChangesNothing() throws IOException {
        var before = keystore.find(Keystore.LIBP2P_HOST);
        for (String text : new String[] {"", "{}", "not json", "{\"Type\":\"libp2p-host\",\"PrivateKey\":\"AAAA\"}"}) {
            Path file = Files.writeString(folder.resolve("bad.json"), text);
            assertThatThrownBy(() -> IdentityFile.imported(home, "miner", file)).as(text).isInstanceOf(CryptoException.class);
        }
        assertThatThrownBy(() -> IdentityFile.imported(home, "miner", folder.resolve("absent"))).isInstanceOf(CryptoException.class);
        assertThat(keystore.find(Keystore.LIBP2P_HOST)).isEqualTo(before);
    }

    @Test
    void neitherExchangesTheKeyOfARunningRoleNorWritesOverAFile() throws IOException {
        Path file = folder.resolve("key.json");
        IdentityFile.exported(home, "miner", file);
        assertThatThrownBy(() -> IdentityFile.exported(home, "miner", file)).isInstanceOf(StartException.class).hasMessageContaining("already");
        try (RoleLock held = RoleLock.take(home, "miner")) {
            assertThatThrownBy(() -> IdentityFile.imported(home, "miner", file)).isInstanceOf(StartException.class)
                    .hasMessageContaining("runs already");
        }
    }
}
