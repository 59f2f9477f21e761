package io.caravan.node.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds, and the hash of each part of it.
 *
 * @param format {@value #FORMAT}
 * @param program the version that wrote it
 * @param at when its rows were true, as an instant in ISO form
 * @param staging whether the bytes of deals on their way are in it
 * @param parts one a role, by its name
 * @param files of the home folder itself
 */
record Manifest(String format, String program, String at, boolean staging, Map<String, RolePart> parts, List<FilePart> files) {

    static final String FORMAT = "caravan-backup/1";
    static final String ENTRY = "manifest.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 64 << 20;

    /**
     * One role's rows and files.
     *
     * @param schema the step that its rows fit
     * @param tables each after those that it refers to
     * @param counters where each sequence stood
     */
    record RolePart(int schema, List<TablePart> tables, Map<String, Long> counters, List<FilePart> files) {
    }

    /** One table's rows. */
    record TablePart(String name, List<String> columns, long rows, long bytes, String sha256) {
    }

    /** One file, by its path below the role's folder, with slashes. */
    record FilePart(String path, long bytes, String sha256) {
    }

    byte[] toJson() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    /** @throws BackupException when this is no manifest of ours */
    static Manifest read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new BackupException("its manifest is too large to be one");
        }
        try {
            Manifest manifest = JSON.readValue(bytes, Manifest.class);
            if (!FORMAT.equals(manifest.format())) {
                throw new BackupException("its format is " + manifest.format() + ", this program reads " + FORMAT);
            }
            manifest.check();
            return manifest;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new BackupException("its manifest cannot be read: " + e.getOriginalMessage());
        }
    }

    /** A backup comes from a disk, and what it names is written: nothing but what {@link Backup} writes is taken. */
    private void check() {
        boolean isWhole = at != null && parts != null && files != null && parts.values().stream().allMatch(part -> part != null
                && part.tables() != null && part.counters() != null && part.files() != null
                && part.tables().stream().allMatch(table -> table != null && table.name() != null && table.columns() != null)
                && !part.counters().containsValue(null)
                && part.files().stream().allMatch(file -> file != null && file.path() != null));
        if (!isWhole) {
            throw new BackupException("its manifest lacks a part");
        }
        try {
            Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new BackupException("its manifest does not say of when it is");
        }
        if (!Backup.ROLES.containsAll(parts.keySet())) {
            throw new BackupException("it names roles that there are not");
        }
        if (!files.stream().allMatch(file -> file != null && Backup.SETTINGS.equals(file.path()))) {
            throw new BackupException("it names files of the home folder that no backup holds");
        }
    }

    /** Every part's entry in the file, with what it has to be. */
    record Entry(String name, long bytes, String sha256) {
    }

    List<Entry> entries() {
        return java.util.stream.Stream.concat(
                files.stream().map(file -> new Entry(fileEntry("home", file.path()), file.bytes(), file.sha256())),
                parts.entrySet().stream().flatMap(part -> java.util.stream.Stream.concat(
                        part.getValue().tables().stream().map(table ->
                                new Entry(tableEntry(part.getKey(), table.name()), table.bytes(), table.sha256())),
                        part.getValue().files().stream().map(file ->
                                new Entry(fileEntry(part.getKey(), file.path()), file.bytes(), file.sha256()))))).toList();
    }

    static String tableEntry(String role, String table) {
        return "rows/" + role + "/" + table;
    }

    static String fileEntry(String role, String path) {
        return "files/" + role + "/" + path;
    }
}
