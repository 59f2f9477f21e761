package io.caravan.node.backup;

import io.caravan.node.NodeHome;
import io.caravan.store.Database;
import io.caravan.store.DatabaseRefill;
import io.caravan.store.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Puts a backup into an empty place. Everything is checked before anything is written: that nobody is there, that every part is
 * as its hash says, that this program knows its schema. Rows come last and whole; a restore that was killed is begun again on an
 * emptied folder.
 */
public final class Restore implements AutoCloseable {

    /** The setting by which a node sees at its start that it was restored, and of when it is. */
    public static final String SETTING = "restored.from";
    /** So many sector numbers are skipped: those that were given after the backup belong to sectors that the chain may know. */
    private static final long SKIPPED_NUMBERS = 10_000;
    private static final String SECTOR_NUMBERS = "sector_number_seq";
    private static final String SESSIONS = "web_session";

    private final ZipFile zip;
    private final Manifest manifest;

    /** @throws BackupException when the file is none of ours, or is damaged where that shows at once */
    public Restore(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BackupException("there is no backup " + file);
        }
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new BackupException(file + " is no backup, or is cut short: " + e.getMessage());
        }
        try {
            manifest = Manifest.read(stream(Manifest.ENTRY));
        } catch (BackupException e) {
            zip.close();
            throw new BackupException(file + " is no backup that can be used: " + e.getMessage());
        }
    }

    /** The roles in it. */
    public List<String> roles() {
        return List.copyOf(manifest.parts().keySet());
    }

    /** Of which moment it is, in ISO form. */
    public String at() {
        return manifest.at();
    }

    /** Whether the bytes of deals on their way are in it. */
    public boolean hasStaging() {
        return manifest.staging();
    }

    /** How many bytes its files and rows have outside the archive; tables and indexes take somewhat more. */
    public long bytes() {
        return manifest.entries().stream().mapToLong(Manifest.Entry::bytes).sum();
    }

    /** Reads all of it, and writes nothing. */
    public void check() throws IOException {
        for (Manifest.Entry entry : manifest.entries()) {
            try (Measured in = new Measured(stream(entry.name()), entry.bytes())) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
                if (in.read != entry.bytes() || !in.sha256().equals(entry.sha256())) {
                    throw new BackupException("the backup is damaged: " + entry.name() + " is not what was written there. Take another one");
                }
            }
        }
        manifest.parts().forEach((role, part) -> {
            int known = Backup.schema(role).newest();
            if (part.schema() > known) {
                throw new BackupException("the backup's %s has schema step %d, this program knows %d: restore it with the newer program"
                        .formatted(role, part.schema(), known));
            }
        });
    }

    /**
     * Refuses a place where something is.
     *
     * @param home whose roles the caller has locked
     */
    public void requireEmpty(NodeHome home, Backup.Sources sources) throws IOException {
        for (String role : roles()) {
            for (String folder : List.of("keystore", "staging", "imports")) {
                requireNoFiles(home.of(role).resolve(folder), role);
            }
            try (Database database = Database.bare(sources.database(role), "restore")) {
                if (DatabaseRefill.isUsed(database.dataSource())) {
                    throw new BackupException("the database of the %s holds rows already: a restore overwrites nothing. Give another --home, or another caravan.db.url"
                            .formatted(role));
                }
            }
        }
    }

    private static void requireNoFiles(Path folder, String role) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new BackupException("the %s has files in %s already: a restore overwrites nothing. Move that folder aside, or give another --home"
                            .formatted(role, folder));
                }
            }
        }
    }

    /**
     * Writes the settings of the home folder if it has none, because they may say where the database is.
     *
     * @return what undoes that
     */
    public Runnable settings(NodeHome home) throws IOException {
        for (Manifest.FilePart file : manifest.files()) {
            Path target = home.root().resolve(file.path());
            if (!Files.exists(target)) {
                write(Manifest.fileEntry("home", file.path()), home.root(), target);
                return () -> target.toFile().delete();
            }
        }
        return () -> { };
    }

    /** Writes files, then rows, and brings them to this program's schema; {@link #check} and {@link #requireEmpty} come first. */
    public void write(NodeHome home, Backup.Sources sources) throws IOException {
        for (Map.Entry<String, Manifest.RolePart> part : manifest.parts().entrySet()) {
            Path folder = home.folder(part.getKey(), "");
            for (Manifest.FilePart file : part.getValue().files()) {
                write(Manifest.fileEntry(part.getKey(), file.path()), folder, folder.resolve(file.path()));
            }
        }
        for (Map.Entry<String, Manifest.RolePart> part : manifest.parts().entrySet()) {
            rows(part.getKey(), part.getValue(), sources);
        }
    }

    private void rows(String role, Manifest.RolePart part, Backup.Sources sources) throws IOException {
        Schema schema = Backup.schema(role);
        try (Database database = Database.bare(sources.database(role), "restore")) {
            schema.layUpTo(database.dataSource(), part.schema());
            try (DatabaseRefill refill = new DatabaseRefill(database.dataSource())) {
                List<String> names = part.tables().stream().map(Manifest.TablePart::name).toList();
                refill.empty(names);
                for (Manifest.TablePart table : part.tables()) {
                    if (table.name().equals(SESSIONS)) {
                        continue; // whoever was signed in then may have been signed out since
                    }
                    try (InputStream in = stream(Manifest.tableEntry(role, table.name()))) {
                        long rows = refill.copy(table.name(), table.columns(), in);
                        if (rows != table.rows()) {
                            throw new BackupException("%s has %d rows in the backup and %d came out of it".formatted(table.name(), table.rows(), rows));
                        }
                    }
                }
                part.counters().forEach((sequence, last) ->
                        refill.counter(sequence, sequence.equals(SECTOR_NUMBERS) ? last + SKIPPED_NUMBERS : last));
                if (!role.equals("devnet")) {
                    refill.setting(SETTING, manifest.at());
                }
                refill.full(names);
                refill.commit();
            }
            schema.apply(database.dataSource());
        }
    }

    private void write(String entry, Path folder, Path target) throws IOException {
        Path inside = target.normalize();
        if (!inside.startsWith(folder.normalize()) || inside.equals(folder.normalize())) {
            throw new BackupException("the backup names a file outside its folder: " + entry);
        }
        Files.createDirectories(inside.getParent());
        if (Files.exists(inside)) {
            return; // such as the mark of a folder of sectors that is still in its place
        }
        try (InputStream in = stream(entry); FileChannel out = FileChannel.open(inside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), Backup.owner(inside))) {
            in.transferTo(java.nio.channels.Channels.newOutputStream(out));
            out.force(true);
        }
    }

    private InputStream stream(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new BackupException("the backup lacks " + name);
        }
        return zip.getInputStream(entry);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Reads no more than was promised, and hashes it. */
    private static final class Measured extends DigestInputStream {

        private final long most;
        private long read;

        Measured(InputStream in, long most) {
            super(in, Backup.sha256Digest());
            this.most = most;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int got = super.read(to, offset, length);
            read += Math.max(0, got);
            if (read > most) {
                throw new BackupException("the backup is damaged: a part is longer than " + most + " bytes");
            }
            return got;
        }

        String sha256() {
            MessageDigest digest = getMessageDigest();
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
