package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.NodeHome;
import io.caravan.node.RoleLock;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.SettingStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./caravan backup} and {@code restore} as a person says them: what they answer, how they end, and what they leave alone. */
class BackupVerbsTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private Path folder;
    private Path home;
    private Path backups;
    private String rows;

    @BeforeEach
    void aHomeWithAMiner() throws IOException {
        rows = "verbs_" + NUMBER.incrementAndGet();
        home = folder.resolve("home");
        backups = Files.createDirectory(folder.resolve("backups"));
        Files.createDirectories(home.resolve("miner/keystore"));
        Files.writeString(home.resolve("miner/keystore/KEY"), "secret");
        try (Database database = Database.open(TestPostgres.fresh(rows + "_miner"), "filled")) {
            new SettingStore(database.sql(), SettableClock.at(Instant.EPOCH)).put("a", "kept");
        }
    }

    /** The verb with where its rows are. */
    private static StandInRole.Said say(Path home, String rows, String... args) {
        DatabaseAddress any = TestPostgres.empty("nobodys");
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--set", "caravan.db.url=" + any.url().replaceAll("/[a-z_0-9]+(\\?.*)?$", "/" + rows + "$1"), "--set",
                "caravan.db.user=" + any.user(), "--set", "caravan.db.password=" + any.password()));
        return StandInRole.say(home, all.toArray(String[]::new));
    }

    private StandInRole.Said backup(String... args) {
        return say(home, rows, Stream.concat(Stream.of("backup"), Arrays.stream(args)).toArray(String[]::new));
    }

    private Path taken() {
        Path file = backups.resolve("one.backup");
        assertThat(backup(file.toString()).code()).isZero();
        return file;
    }

    private static void refused(StandInRole.Said said, int code, String... words) {
        assertThat(said.err()).startsWith("caravan: ").contains(words).doesNotContain("\tat ", "Exception");
        assertThat(said.code()).as(said.err()).isEqualTo(code);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void aBackupIsAFileOfTheMomentThatOnlyItsOwnerReads() throws IOException {
        StandInRole.Said said = backup(backups.toString());
        assertThat(said.code()).as(said.err()).isZero();
        Path file;
        try (Stream<Path> all = Files.list(backups)) {
            file = all.toList().get(0);
        }
        assertThat(file.getFileName().toString()).matches("caravan-\\d{8}T\\d{6}Z\\.backup");
        assertThat(said.out()).startsWith(file + "\n").contains("1 files of miner", "It holds private keys; only you can read it.",
                "Without bytes of deals (--staging takes those on their way)");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        StandInRole.Said json = backup("--json", "--staging", "--role", "miner", backups.resolve("two.backup").toString());
        assertThat(json.json().path("roles").asText()).isEqualTo("miner");
        assertThat(json.json().path("staging").asBoolean()).isTrue();
        assertThat(json.json().path("bytes").asLong()).isEqualTo(Files.size(backups.resolve("two.backup")));
        assertThat(json.json().path("rows").asLong()).isPositive();
    }

    @Test
    void aBackupThatCannotBeTakenSaysWhatToGiveInstead() throws IOException {
        Path file = taken();
        refused(backup(file.toString()), 2, "a backup overwrites nothing");
        refused(backup(folder.resolve("nowhere/x.backup").toString()), 2, folder.resolve("nowhere") + " is no folder in which you may write", "name another");
        refused(backup(file.resolve("x.backup").toString()), 2, "is no folder in which you may write");
        refused(backup("--role", "daemon", backups.toString()), 2, "has the roles [miner], not [daemon]", "--home", "--role");
        refused(backup("--role", "nonsense", backups.toString()), 2, "not [nonsense]");
        refused(say(folder.resolve("empty"), rows, "backup", backups.toString()), 2, folder.resolve("empty") + " has the roles []");
        refused(backup("--set", "miner.prot=1", backups.toString()), 2, "the nearest is miner.port");
        refused(backup(), 2, "DIR|FILE", "--help");
        refused(say(home, "no_such", "backup", backups.toString()), 1, "no database at");
        assertThat(backups).isDirectoryContaining("glob:**/one.backup");
        try (Stream<Path> all = Files.list(backups)) {
            assertThat(all).as("nothing half done stays").containsExactly(file);
        }
        assertThat(folder.resolve("empty")).as("a wrong folder is not made").doesNotExist();
    }

    @Test
    void aCheckedBackupChangesNothing() {
        Path file = taken();
        StandInRole.Said said = say(folder.resolve("empty"), "unused", "restore", "--check", file.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).startsWith("whole: miner as of 2").contains("without bytes of deals");
        StandInRole.Said json = say(folder.resolve("empty"), "unused", "restore", "--check", "--json", file.toString());
        assertThat(json.json().path("restored").asBoolean()).isFalse();
        assertThat(json.json().path("roles").asText()).isEqualTo("miner");
        assertThat(folder.resolve("empty")).doesNotExist();
    }

    @Test
    void aRestoreSaysWhatComesNextAndIsDoneOnce() {
        Path file = taken();
        Path empty = folder.resolve("empty");
        String other = rows + "_again";
        DatabaseAddress to = TestPostgres.empty(other + "_miner");
        StandInRole.Said said = say(empty, other, "restore", file.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("miner as of 2", "is in " + empty, "./caravan doctor", "./caravan tokens list", "sealing.folder",
                "Bytes of deals are not in this backup", "Never start the node that the backup was taken from again");
        assertThat(empty.resolve("miner/keystore/KEY")).hasContent("secret");
        try (Database database = Database.open(to, "is")) {
            assertThat(new SettingStore(database.sql(), SettableClock.at(Instant.EPOCH)).find("a")).contains("kept");
        }
        refused(say(empty, other, "restore", file.toString()), 2, "a restore overwrites nothing", "give another --home");
        refused(say(folder.resolve("third"), other, "restore", file.toString()), 2, "holds rows already", "another caravan.db.url");
    }

    @Test
    void aRoleThatRunsIsNotRestoredOver() throws IOException {
        Path file = taken();
        try (RoleLock running = RoleLock.take(new NodeHome(home), "miner")) {
            assertThat(running).isNotNull();
            refused(say(home, rows, "restore", file.toString()), 1, "runs already", "stop it first");
        }
        assertThat(home.resolve("miner/keystore/KEY")).hasContent("secret");
    }

    @Test
    void aFileThatIsNoBackupOrABrokenOneIsNamedAndNothingIsWritten() throws IOException {
        Path file = taken();
        Path empty = folder.resolve("empty");
        Path cut = Files.write(backups.resolve("cut"), Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
        Path damaged = changed(file, "damaged", "files/miner/keystore/KEY", "secret", "sEcret");
        Path newer = changed(file, "newer", "manifest.json", "\"schema\" : ", "\"schema\" : 9");
        for (String[] check : new String[][] {{}, {"--check"}}) {
            refused(restore(empty, backups.resolve("none"), check), 2, "there is no backup");
            refused(restore(empty, backups, check), 2, "there is no backup");
            refused(restore(empty, Files.writeString(backups.resolve("text"), "hello"), check), 2, "is no backup, or is cut short");
            refused(restore(empty, cut, check), 2, "is no backup, or is cut short");
            refused(restore(empty, damaged, check), 2, "the backup is damaged", "KEY", "Take another one");
            refused(restore(empty, newer, check), 2, "restore it with the newer program");
        }
        refused(StandInRole.say(empty, "restore"), 2, "FILE", "--help");
        assertThat(empty).doesNotExist();
    }

    private static StandInRole.Said restore(Path home, Path file, String... more) {
        return say(home, "unused", Stream.concat(Stream.of("restore", file.toString()), Arrays.stream(more)).toArray(String[]::new));
    }

    @Test
    void aDiskThatIsTooSmallIsNoticedBeforeAnythingIsWritten() throws IOException {
        Path large = folder.resolve("large.backup");
        try (var to = new ZipOutputStream(Files.newOutputStream(large))) {
            to.setLevel(9);
            long bytes = 0;
            to.putNextEntry(new ZipEntry("files/miner/keystore/LARGE"));
            byte[] zeros = new byte[1 << 20];
            var sha256 = sha256();
            for (; bytes < 3L << 20; bytes += zeros.length) {
                to.write(zeros);
                sha256.update(zeros);
            }
            String hash = java.util.HexFormat.of().formatHex(sha256.digest());
            to.putNextEntry(new ZipEntry("manifest.json"));
            to.write(("{\"format\":\"caravan-backup/1\",\"program\":\"x\",\"at\":\"2026-01-02T03:04:05Z\",\"staging\":false,\"parts\":{\"miner\":{\"schema\":1,\"tables\":[],"
                    + "\"counters\":{},\"files\":[{\"path\":\"keystore/LARGE\",\"bytes\":" + bytes + ",\"sha256\":\"" + hash + "\"}]}},\"files\":[]}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Path small = Path.of("/proc"); // a disk that has no room for anything
        refused(restore(small.resolve("nowhere"), large), 1, "needs 3,145,728 bytes and the disk of /proc/nowhere has 0 free; nothing was written", "give another --home");
    }

    private static java.security.MessageDigest sha256() {
        try {
            return java.security.MessageDigest.getInstance("SHA-256");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void helpShowsAnExample() {
        for (String verb : List.of("backup", "restore")) {
            StandInRole.Said said = StandInRole.say(folder, verb, "--help");
            assertThat(said.code()).isZero();
            assertThat(said.out()).contains("Example: ./caravan " + verb, "--json");
        }
    }

    private Path changed(Path file, String name, String entry, String was, String is) throws IOException {
        Path changed = backups.resolve(name);
        try (var from = new ZipFile(file.toFile()); var to = new ZipOutputStream(Files.newOutputStream(changed))) {
            for (ZipEntry each : from.stream().toList()) {
                to.putNextEntry(new ZipEntry(each.getName()));
                byte[] bytes = from.getInputStream(each).readAllBytes();
                to.write(each.getName().equals(entry) ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replace(was, is)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8) : bytes);
            }
        }
        return changed;
    }
}
