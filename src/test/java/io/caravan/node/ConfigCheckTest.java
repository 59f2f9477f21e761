package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
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
    void theVerbChecksEveryFileOfTheRoutesAndNamesEachThatIsBroken() throws IOException {
        Path routes = root.resolve("routes");
        for (String name : List.of("errors.camel.yaml", "daemon/1-start.camel.yaml", "daemon/2-fund.camel.yaml", "daemon/9-tick.camel.yaml")) {
            Files.createDirectories(routes.resolve(name).getParent());
            Files.copy(Path.of("routes").resolve(name), routes.resolve(name));
        }
        assertThat(routes(routes)).isEqualTo(new Said(0, List.of()));
        assertThat(routes(root.resolve("nowhere")).problems()).singleElement().asString().contains("caravan.routes.folder", "is no folder");
        Files.writeString(routes.resolve("daemon/1-start.camel.yaml"), "- route: [\n");
        Path fund = routes.resolve("daemon/2-fund.camel.yaml");
        Files.writeString(fund, Files.readString(fund).replaceFirst("uri: bean:", "uri: baen:"));
        Path tick = routes.resolve("daemon/9-tick.camel.yaml");
        Files.writeString(tick, Files.readString(tick) + "\n- route:\n    id: nobody\n    from:\n      uri: deal:StorageDealNoSuch\n      steps: []\n");
        Said said = routes(routes);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.problems()).hasSize(3).anyMatch(line -> line.startsWith("R2 not-yaml: daemon/1-start.camel.yaml:"))
                .anyMatch(line -> line.startsWith("R6") && line.contains("daemon/2-fund.camel.yaml:"))
                .anyMatch(line -> line.startsWith("R8 unknown-state: daemon/9-tick.camel.yaml:"));
    }

    private record Said(int code, List<String> problems) {}

    private Said routes(Path routes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Cli.run(new Terminal(print, print, false), "check-config", "--routes", "--json", "--home", root.toString(), "--set",
                "caravan.routes.folder=" + routes);
        List<String> problems = new ArrayList<>();
        new ObjectMapper().readTree(out.toByteArray()).path("problems").forEach(problem -> problems.add(problem.asText()));
        return new Said(code, problems);
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
