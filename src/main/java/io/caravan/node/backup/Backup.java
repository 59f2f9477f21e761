package io.caravan.node.backup;

import io.caravan.node.NodeHome;
import io.caravan.node.Version;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.DatabaseSnapshot;
import io.caravan.store.Schema;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes rows, keys and files of a home folder into one file, while its roles run. The rows of each role are of one moment; the
 * order of reading is links to the bytes, rows, bytes and keys (see {@link StillFiles}). The devnet's rows come last: a chain that
 * is ahead of its roles is what they expect of a chain.
 */
public final class Backup {

    static final List<String> ROLES = List.of("daemon", "miner", "devnet");
    /** The one file of the home folder itself. */
    static final String SETTINGS = "caravan.properties";

    private final NodeHome home;
    private final Sources sources;
    private final Clock clock;

    /** Where the rows are. */
    @FunctionalInterface
    public interface Sources {
        /** The database of a role of the home folder. */
        DatabaseAddress database(String role);
    }

    /**
     * What was written.
     *
     * @param roles whose rows are in it
     * @param rows how many rows
     * @param files how many files
     * @param bytes of the backup itself
     */
    public record Written(Path file, List<String> roles, long rows, long files, long bytes) {
    }

    public Backup(NodeHome home, Sources sources, Clock clock) {
        this.home = home;
        this.sources = sources;
        this.clock = clock;
    }

    /** The roles that this home folder has, in the order in which they are read. */
    public List<String> roles() {
        return ROLES.stream().filter(role -> Files.isDirectory(home.of(role))).toList();
    }

    /**
     * Writes the backup; the file appears whole or not at all, readable by its owner alone.
     *
     * @param staging whether the bytes of deals on their way are wanted too
     */
    public Written write(Path file, List<String> roles, boolean staging) throws IOException {
        if (Files.exists(file)) {
            throw new BackupException("there is a file " + file + " already: a backup overwrites nothing");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        try {
            Manifest manifest;
            try (FileChannel channel = FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner(part))) {
                try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(unclosed(Channels.newOutputStream(channel)), 1 << 16))) {
                    manifest = written(zip, roles, staging);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return told(file, manifest);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Written told(Path file, Manifest manifest) throws IOException {
        return new Written(file, List.copyOf(manifest.parts().keySet()),
                manifest.parts().values().stream().flatMap(part -> part.tables().stream()).mapToLong(Manifest.TablePart::rows).sum(),
                manifest.parts().values().stream().mapToLong(part -> part.files().size()).sum() + manifest.files().size(), Files.size(file));
    }

    private Manifest written(ZipOutputStream zip, List<String> roles, boolean staging) throws IOException {
        Map<String, Manifest.RolePart> parts = new LinkedHashMap<>();
        String at = clock.instant().toString();
        for (String role : roles) {
            parts.put(role, part(zip, role, staging));
        }
        List<Manifest.FilePart> files = new ArrayList<>();
        Path settings = home.root().resolve(SETTINGS);
        if (Files.isRegularFile(settings)) {
            files.add(file(zip, "home", new StillFiles.Held(settings, SETTINGS)));
        }
        Manifest manifest = new Manifest(Manifest.FORMAT, Version.text(), at, staging, parts, files);
        zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
        zip.write(manifest.toJson());
        zip.closeEntry();
        return manifest;
    }

    private Manifest.RolePart part(ZipOutputStream zip, String role, boolean staging) throws IOException {
        try (StillFiles still = new StillFiles(home.of(role), staging);
                Database database = Database.bare(sources.database(role), "backup")) {
            still.hold();
            Schema.Standing schema = schema(role).standing(database.dataSource());
            List<Manifest.TablePart> tables = new ArrayList<>();
            Map<String, Long> counters;
            try (DatabaseSnapshot snapshot = new DatabaseSnapshot(database.dataSource())) {
                still.hold();
                for (String table : snapshot.tables()) {
                    tables.add(table(zip, role, snapshot, table));
                }
                counters = snapshot.counters();
            }
            List<Manifest.FilePart> files = new ArrayList<>();
            for (StillFiles.Held held : still.files()) {
                files.add(file(zip, role, held));
            }
            return new Manifest.RolePart(schema.found(), tables, counters, files);
        }
    }

    /** What the rows of a role fit. */
    static Schema schema(String role) {
        return role.equals("devnet") ? Schema.beside("sql/devnet/migration", "devnet_schema_history") : Schema.ofRoles();
    }

    private static Manifest.TablePart table(ZipOutputStream zip, String role, DatabaseSnapshot snapshot, String table) throws IOException {
        Measured out = new Measured(zip, Manifest.tableEntry(role, table));
        long rows = snapshot.copy(table, out);
        out.end();
        return new Manifest.TablePart(table, snapshot.columns(table), rows, out.bytes, out.sha256());
    }

    private static Manifest.FilePart file(ZipOutputStream zip, String role, StillFiles.Held held) throws IOException {
        Measured out = new Measured(zip, Manifest.fileEntry(role, held.path()));
        try (InputStream in = Files.newInputStream(held.source())) {
            in.transferTo(out);
        }
        out.end();
        return new Manifest.FilePart(held.path(), out.bytes, out.sha256());
    }

    /** One entry, counted and hashed while it is written. */
    private static final class Measured extends FilterOutputStream {

        private final ZipOutputStream zip;
        private final DigestOutputStream digest;
        private long bytes;

        Measured(ZipOutputStream zip, String entry) throws IOException {
            super(new DigestOutputStream(zip, sha256Digest()));
            this.zip = zip;
            this.digest = (DigestOutputStream) out;
            zip.putNextEntry(new ZipEntry(entry));
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            digest.write(from, offset, length);
            bytes += length;
        }

        @Override
        public void write(int one) throws IOException {
            digest.write(one);
            bytes++;
        }

        @Override
        public void close() {
            // the archive goes on
        }

        void end() throws IOException {
            zip.closeEntry();
        }

        String sha256() {
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        }
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static OutputStream unclosed(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                out.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush(); // what follows is fsync on the same channel
            }
        };
    }

    static FileAttribute<?>[] owner(Path file) {
        return file.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }
}
