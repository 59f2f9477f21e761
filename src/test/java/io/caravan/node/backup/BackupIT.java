package io.caravan.node.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.ThrowawayHome;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner that is backed up while a deal waits to be published, goes on, is lost, and comes back with its older rows. */
@Tag("busy")
class BackupIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    /** Deals wait some seconds to be published together: the time in which the backup is taken. */
    private static final Map<String, String> QUICK = Map.ofEntries(Map.entry("devnet.interval", "100ms"),
            Map.entry("miner.publish.period", "4s"), Map.entry("sealing.wait-deals.delay", "0s"), Map.entry("sealing.max-pieces", "1"),
            Map.entry("sealing.engine", "placeholder"), Map.entry("devnet.proofs", "placeholder"),
            Map.entry("daemon.confidence.funds", "2"), Map.entry("daemon.confidence.publish", "2"),
            Map.entry("daemon.confidence.state", "2"), Map.entry("miner.confidence.funds", "2"),
            Map.entry("miner.confidence.publish", "2"), Map.entry("miner.confidence.state", "2"),
            Map.entry("daemon.track.delay", "500ms"), Map.entry("miner.track.delay", "500ms"), Map.entry("sealing.proving.delay", "1s"));

    @TempDir
    private Path folder;

    @Test
    void aMinerThatIsPutBackToOlderRowsPublishesNothingTwiceAndFinishesItsDeals() throws Exception {
        Path backup = folder.resolve("miner.backup");
        try (CaravanHome home = new CaravanHome(folder.resolve("home"), QUICK)) {
            home.start("devnet", "miner", "daemon");
            String worker = worker(home);
            String first = home.deal(home.imported(home.file(1_000)));
            awaitState(home, first, "StorageDealActive");
            String second = home.deal(home.imported(home.file(1_000)));
            awaitState(home, second, "StorageDealPublish");

            Backup.Written written = new Backup(home.home(), home::database, Clock.systemUTC()).write(backup, List.of("miner"), true);
            assertThat(home.state("miner", second)).as("when the backup was taken").isEqualTo("StorageDealPublish");
            assertThat(written.rows()).isGreaterThan(100);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup))).isEqualTo("rw-------");
            assertThat(Files.list(home.home().of("miner"))).as("links are gone").noneMatch(file -> file.getFileName().toString().startsWith(".backup-"));

            Await.until(() -> "2 publish messages, not " + published(home, worker), LIMIT, () -> published(home, worker) == 2);
            home.kill("miner");
            assertThatThrownBy(() -> restore(home, backup)).hasMessageContaining("overwrites nothing");
            lose(home);
            restore(home, backup);
            assertThatThrownBy(() -> restore(home, backup)).as("twice").hasMessageContaining("overwrites nothing");

            home.start("miner");
            for (String deal : List.of(first, second)) {
                awaitState(home, deal, "StorageDealActive");
                Await.until(() -> "the daemon sees it\n" + home.story("daemon", deal), LIMIT, () ->
                        home.state("daemon", deal).equals("StorageDealActive"));
            }
            assertThat(published(home, worker)).as("publish messages in blocks").isEqualTo(2);
            assertThat(home.output()).contains("messages sent since were taken over");
            String third = home.deal(home.imported(home.file(1_000)));
            awaitState(home, third, "StorageDealActive"); // nonces, sector numbers and identities go on
        }
    }

    private static void awaitState(CaravanHome home, String deal, String state) {
        Await.until(() -> deal + " is " + state + "\n" + home.story("miner", deal) + home.output(), LIMIT, () -> home.state("miner", deal).equals(state));
    }

    private static void restore(CaravanHome home, Path backup) throws IOException {
        try (Restore restore = new Restore(backup)) {
            restore.check();
            restore.requireEmpty(home.home(), home::database);
            restore.write(home.home(), home::database);
        }
    }

    private static void lose(CaravanHome home) throws SQLException {
        DatabaseAddress address = home.database("miner");
        ThrowawayHome.remove(home.home().of("miner"));
        try (Connection server = DriverManager.getConnection(address.url().replaceAll("/[^/]*$", "/postgres"), address.user(), address.password());
                Statement statement = server.createStatement()) {
            statement.execute("DROP DATABASE caravan_miner WITH (FORCE)");
        }
    }

    private static String worker(CaravanHome home) {
        JsonNode info = home.call("devnet", "StateMinerInfo", home.call("miner", "ActorAddress").asText(), null);
        return home.call("devnet", "StateAccountKey", info.path("Worker").asText(), null).asText();
    }

    /** Publish messages in blocks, whoever sent them. */
    private static long published(CaravanHome home, String worker) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode cid : home.call("devnet", "StateListMessages", Map.of("From", worker), null, 0)) {
            JsonNode message = home.call("devnet", "ChainGetMessage", cid);
            if (message.path("Method").asInt() == 4 && message.path("To").asText().endsWith("05")) {
                found.add(message);
            }
        }
        return found.size();
    }
}
