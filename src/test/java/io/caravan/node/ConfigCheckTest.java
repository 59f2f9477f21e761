package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.Keystore;
import io.caravan.crypto.Passphrase;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {

    @TempDir
    private Path root;

    private List<String> problems(Map<String, String> set) {
        NodeHome home = new NodeHome(root);
        return new ConfigCheck(home, RoleSettings.load(root, set), List.of("daemon", "miner")).problems(false);
    }

    @Test
    void theShippedSettingsCanBeUsed() {
        assertThat(problems(Map.of())).isEmpty();
    }

    @Test
    void tellsEveryWrongValueAtOnce() {
        assertThat(problems(Map.of("miner.publish.period", "soon", "miner.ask.price", "cheap", "caravan.retry.cap", "x", "daemon.port", "99999")))
                .hasSize(4).anyMatch(line -> line.contains("miner.publish.period = soon")).anyMatch(line -> line.contains("miner.ask.price = cheap"))
                .anyMatch(line -> line.contains("caravan.retry.cap = x")).anyMatch(line -> line.contains("daemon.port = 99999"));
    }

    @Test
    void tellsPortsThatAreTakenTwiceAndAKeystoreWithoutPassphrase() throws IOException {
        FileKeystore keystore = new FileKeystore(root.resolve("miner/keystore"), Optional.of(Passphrase.of("long enough")));
        ((Keystore) keystore).jwtSecret(new SecureRandom());
        keystore.encrypt();
        assertThat(problems(Map.of("daemon.port", "2345", "miner.port", "2345"))).hasSize(2)
                .anyMatch(line -> line.contains("both 2345")).anyMatch(line -> line.contains("caravan.keystore.passphrase-file"));
    }

    @Test
    void tellsAFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "in the way");
        assertThat(problems(Map.of("sealing.folder", file.resolve("sectors").toString()))).hasSize(1)
                .first().asString().contains("sealing.folder").contains("cannot be written");
    }

    @Test
    void theVerbNamesUnknownKeysWithTheNearestAndEndsWithTwo() throws IOException {
        Files.writeString(root.resolve("caravan.properties"), "miner.prot = 1\nminer.publish.perid = 1h\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Cli.run(new Terminal(print, print, false), "check-config", "--home", root.toString(), "--set", "miner.publish.max=0");
        assertThat(code).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("the nearest is miner.port").contains("the nearest is miner.publish.period")
                .contains("miner.publish.max = 0").contains("3 to put right");
    }
}
