package io.caravan.node.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.DealEvent;
import io.caravan.node.NodeHome;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.SettingStore;
import io.caravan.support.DealBuilder;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class RestoreTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path folder;
    private NodeHome home;
    private NodeHome empty;
    private Path file;

    @BeforeEach
    void aNodeWithADealAKeyAndBytesOnTheirWay() throws IOException {
        home = new NodeHome(folder.resolve("home"));
        empty = new NodeHome(folder.resolve("empty"));
        file = folder.resolve("one.backup");
        put(home.folder("miner", "keystore").resolve("KEY"), "secret");
        put(home.folder("miner", "staging").resolve("a.car"), "bytes");
        put(home.folder("miner", "sectors/s-1").resolve("replica"), "huge");
        put(home.folder("miner", "").resolve("api"), "/ip4/127.0.0.1/tcp/1/http");
        put(home.root().resolve("caravan.properties"), "miner.port = 7");
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private DatabaseAddress filled() {
        DatabaseAddress address = TestPostgres.fresh();
        try (Database database = Database.open(address, "filled")) {
            var deals = new io.caravan.store.PostgresDealStore(database.sql(), SettableClock.at(NOW), "node",
                    io.caravan.store.Deadlines.usual(), io.caravan.store.Backoff.usual(new java.util.Random(1)));
            deals.insert(DealBuilder.aDeal("a\ttab \\ and a quote'").build(), DealEvent.OPEN);
            new SettingStore(database.sql(), SettableClock.at(NOW)).put("a", "line one\nline two");
            new JdbcTemplate(database.dataSource()).update("INSERT INTO web_session (hash, name, rights, address, made_at, used_at, ends_at)"
                    + " VALUES (decode(repeat('00', 32), 'hex'), 'eve', 'admin', '192.0.2.1', now(), now(), now() + interval '7 days')");
        }
        return address;
    }

    private Backup.Written backup(DatabaseAddress from, boolean staging) throws IOException {
        return new Backup(home, role -> from, SettableClock.at(NOW)).write(file, List.of("miner"), staging);
    }

    @Test
    void bringsBackEveryRowKeyAndStagedByteButNoSectorAndNobodyWhoWasSignedIn() throws IOException {
        DatabaseAddress from = filled();
        DatabaseAddress to = TestPostgres.empty();
        assertThat(backup(from, true).files()).isEqualTo(3);
        try (Restore restore = new Restore(file)) {
            restore.check();
            restore.requireEmpty(empty, role -> to);
            restore.settings(empty);
            restore.write(empty, role -> to);
        }
        assertThat(empty.of("miner").resolve("keystore/KEY")).hasContent("secret");
        assertThat(empty.of("miner").resolve("staging/a.car")).hasContent("bytes");
        assertThat(empty.root().resolve("caravan.properties")).hasContent("miner.port = 7");
        assertThat(empty.of("miner").resolve("sectors")).doesNotExist();
        assertThat(empty.of("miner").resolve("api")).doesNotExist();
        try (Database was = Database.open(from, "was"); Database is = Database.open(to, "is")) {
            var old = new io.caravan.store.DatabaseSnapshot(was.dataSource());
            var now = new io.caravan.store.DatabaseSnapshot(is.dataSource());
            for (String table : old.tables()) {
                if (!List.of("setting", "web_session").contains(table)) {
                    assertThat(text(now, table)).as(table).isEqualTo(text(old, table));
                }
            }
            assertThat(now.counters()).containsAllEntriesOf(old.counters());
            assertThat(text(now, "web_session")).as("who was signed in then").isEmpty();
            old.close();
            now.close();
            var settings = new SettingStore(is.sql(), SettableClock.at(NOW));
            assertThat(settings.find("a")).contains("line one\nline two");
            assertThat(settings.find(Restore.SETTING)).contains(NOW.toString());
        }
    }

    private static String text(io.caravan.store.DatabaseSnapshot snapshot, String table) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        snapshot.copy(table, out);
        return out.toString(StandardCharsets.UTF_8).lines().sorted().reduce("", (a, b) -> a + b + "\n");
    }

    @Test
    void leavesBytesOfDealsOutWhereTheyAreNotAskedFor() throws IOException {
        backup(filled(), false);
        try (Restore restore = new Restore(file)) {
            assertThat(restore.hasStaging()).isFalse();
            restore.write(empty, role -> TestPostgres.empty());
        }
        assertThat(empty.of("miner").resolve("staging")).doesNotExist();
    }

    @Test
    void noticesAChangedPartBeforeAnythingIsWritten() throws IOException {
        backup(filled(), true);
        Path changed = folder.resolve("changed.backup");
        try (var from = new ZipFile(file.toFile()); var to = new ZipOutputStream(Files.newOutputStream(changed))) {
            for (ZipEntry entry : from.stream().toList()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                if (entry.getName().equals("files/miner/staging/a.car")) {
                    bytes[0] ^= 1;
                }
                to.write(bytes);
            }
        }
        try (Restore restore = new Restore(changed)) {
            assertThatThrownBy(restore::check).isInstanceOf(BackupException.class).hasMessageContaining("a.car");
        }
        Files.write(changed, java.util.Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
        assertThatThrownBy(() -> new Restore(changed)).isInstanceOf(BackupException.class).hasMessageContaining("cut short");
        assertThat(empty.root()).doesNotExist();
    }

    @Test
    void refusesAPlaceWhereSomethingIs() throws IOException {
        DatabaseAddress from = filled();
        backup(from, false);
        try (Restore restore = new Restore(file)) {
            assertThatThrownBy(() -> restore.requireEmpty(home, role -> TestPostgres.empty())).hasMessageContaining("overwrites nothing");
            assertThatThrownBy(() -> restore.requireEmpty(empty, role -> from)).hasMessageContaining("rows already");
        }
        assertThatThrownBy(() -> backup(from, false)).hasMessageContaining("overwrites nothing");
    }

    @Test
    void takesKeysThatLieOnAnotherDiskBehindALink() throws IOException {
        Path elsewhere = folder.resolve("vault");
        Files.move(home.of("miner").resolve("keystore"), elsewhere);
        Files.createSymbolicLink(home.of("miner").resolve("keystore"), elsewhere);
        backup(filled(), false);
        try (Restore restore = new Restore(file)) {
            restore.write(empty, role -> TestPostgres.empty());
        }
        assertThat(empty.of("miner").resolve("keystore/KEY")).hasContent("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"format\":\"caravan-backup/1\"}",
        "{\"format\":\"caravan-backup/1\",\"at\":\"2026-01-02T03:04:05Z\",\"parts\":{\"../evil\":{\"schema\":1,\"tables\":[],\"counters\":{},\"files\":[]}},\"files\":[]}",
        "{\"format\":\"caravan-backup/1\",\"at\":\"2026-01-02T03:04:05Z\",\"parts\":{\"miner\":{\"schema\":1}},\"files\":[]}",
        "{\"format\":\"caravan-backup/1\",\"at\":\"soon\",\"parts\":{},\"files\":[]}",
        "{\"format\":\"caravan-backup/1\",\"at\":\"2026-01-02T03:04:05Z\",\"parts\":{},\"files\":[{\"path\":\"routes/evil.camel.yaml\",\"bytes\":1,\"sha256\":\"\"}]}"})
    void takesNoManifestThatNamesWhatABackupNeverHolds(String manifest) throws IOException {
        Path strange = folder.resolve("strange.backup");
        try (var to = new ZipOutputStream(Files.newOutputStream(strange))) {
            to.putNextEntry(new ZipEntry("manifest.json"));
            to.write(manifest.getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> new Restore(strange)).isInstanceOf(BackupException.class).hasMessageContaining("no backup that can be used");
    }

    @Test
    void saysWhatIsNoBackup() throws IOException {
        put(folder.resolve("text"), "not a backup");
        assertThatThrownBy(() -> new Restore(folder.resolve("text"))).isInstanceOf(BackupException.class).hasMessageContaining("no backup");
        assertThatThrownBy(() -> new Restore(folder.resolve("none"))).isInstanceOf(BackupException.class).hasMessageContaining("there is no backup");
    }
}
