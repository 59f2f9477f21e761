package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.node.cli.Cli;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.cli.Terminal;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.Schema;
import io.caravan.store.SettingStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an upgrade keeps of the rows before it, and the way back by it. */
class UpgradeBackupTest {

    private static final int OLD = 33;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private Path folder;
    private NodeHome home;
    private DatabaseAddress rows;

    @BeforeEach
    void aHomeOfAnOlderProgram() throws IOException {
        home = new NodeHome(folder.resolve("home"));
        Files.writeString(home.folder("miner", "keystore").resolve("KEY"), "secret");
        rows = TestPostgres.empty("upgrade_" + NUMBER.incrementAndGet() + "_miner");
        try (Database old = Database.bare(rows, "old")) {
            Schema.ofRoles().layUpTo(old.dataSource(), OLD);
            new SettingStore(old.sql(), SettableClock.at(Instant.EPOCH)).put("a", "of then");
        }
    }

    private static Map<String, String> at(DatabaseAddress address) {
        return Map.of("caravan.db.url", address.url().replaceAll("_miner(\\?.*)?$", "$1"), "caravan.db.user", address.user(),
                "caravan.db.password", address.password());
    }

    private void started() {
        try (RoleDatabases databases = new RoleDatabases(home, RoleSettings.load(home.root(), at(rows)))) {
            databases.open("miner").close();
        }
    }

    private List<Path> kept() throws IOException {
        Path backups = home.root().resolve("backups");
        if (!Files.isDirectory(backups)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(backups)) {
            return all.toList();
        }
    }

    private static int step(DatabaseAddress address) {
        try (Database database = Database.bare(address, "look")) {
            return Schema.ofRoles().standing(database.dataSource()).found();
        }
    }

    @Test
    void theFirstStartOfANewerProgramKeepsRowsAndKeysOrChangesNothingAndRestoreBringsThemBack() throws IOException {
        Path inTheWay = Files.writeString(home.root().resolve("backups"), "");
        assertThatThrownBy(this::started).isInstanceOf(StartException.class)
                .hasMessageContaining("is not upgraded, because its rows could not be backed up").hasMessageContaining("caravan.upgrade.backup = false");
        assertThat(step(rows)).as("untouched").isEqualTo(OLD);
        Files.delete(inTheWay);
        started();
        int now = Schema.ofRoles().newest();
        assertThat(step(rows)).isEqualTo(now);
        assertThat(kept()).singleElement().satisfies(file -> assertThat(file.getFileName().toString())
                .matches("before-step-" + now + "-miner-\\d+\\.backup"));
        started();
        assertThat(kept()).as("once").hasSize(1);
        try (Database newer = Database.bare(rows, "newer")) {
            new SettingStore(newer.sql(), SettableClock.at(Instant.EPOCH)).put("a", "written since");
        }

        DatabaseAddress back = TestPostgres.empty("back_" + NUMBER.incrementAndGet() + "_miner");
        Path again = folder.resolve("back");
        var said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> line = new java.util.ArrayList<>(List.of("restore", "--json", "--home", again.toString(), kept().get(0).toString()));
        at(back).forEach((key, value) -> line.addAll(List.of("--set", key + "=" + value)));
        assertThat(Cli.run(new Terminal(print, print, false), line.toArray(String[]::new))).as(said.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("\"restored\":true");
        assertThat(again.resolve("miner/keystore/KEY")).hasContent("secret");
        try (Database restored = Database.bare(back, "restored")) {
            assertThat(new SettingStore(restored.sql(), SettableClock.at(Instant.EPOCH)).find("a")).contains("of then");
        }
    }
}
