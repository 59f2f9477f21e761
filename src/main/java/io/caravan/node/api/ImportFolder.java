package io.caravan.node.api;

import io.caravan.codec.Cid;
import io.caravan.deal.Imports;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagCar;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.piece.UnixFsLayout;
import io.caravan.store.ImportStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The files that users imported: a row in the database and an index file each; the bytes stay where the user has them.
 * The piece of the payload is computed when the file is imported, so that nothing later has to read it for that.
 */
public final class ImportFolder implements Imports {
    /** The database rounds to microseconds, some file systems to more: a rounded time is the same time. */
    private static final Duration ROUNDED = Duration.ofMillis(1);

    private final Path folder;
    private final ImportStore rows;
    private final Executor hashers;
    private final int lanes;
    private final Clock clock;

    /**
     * @param folder holds the index files
     * @param hashers threads that compute commP, at most {@code lanes} at a time
     */
    public ImportFolder(Path folder, ImportStore rows, Executor hashers, int lanes, Clock clock) {
        this.folder = folder;
        this.rows = rows;
        this.hashers = hashers;
        this.lanes = lanes;
        this.clock = clock;
    }

    /**
     * Imports a file where it lies; importing the same file again gives the same number.
     *
     * @throws IOException when there is no such file or it changes while it is read
     * @throws IllegalArgumentException when it should be a CAR and is no sound one with exactly one root
     */
    public ImportStore.Row add(Path file, boolean isCar) throws IOException {
        requireReadable(file);
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "new", ".idx");
        try (ImportedFile imported = isCar ? ImportedFile.importCar(file, fresh)
                : ImportedFile.importFile(file, fresh, UnixFsLayout.LOTUS)) {
            PieceCommitment piece = DagCar.commP(imported.root(), imported, hashers, lanes);
            imported.checkUnchanged();
            ImportStore.Row row = rows.save(new ImportStore.Row(0, imported.root(), imported.source().toString(),
                    imported.sourceBytes(), Files.getLastModifiedTime(imported.source()).toInstant(), isCar,
                    piece.payloadBytes(), piece.commP(), piece.size(), clock.instant()));
            Files.move(fresh, index(row), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return row;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    public List<ImportStore.Row> list() {
        return rows.list();
    }

    /** Forgets an import; the user's file stays. False if there was none of that number. */
    public boolean remove(long id) throws IOException {
        boolean isGone = rows.delete(id);
        Files.deleteIfExists(folder.resolve(id + ".idx"));
        return isGone;
    }

    @Override
    public boolean has(Cid payloadCid) {
        return !rows.find(payloadCid).isEmpty();
    }

    /** The newest import of the payload whose file is still as it was. */
    @Override
    public BlockSource open(Cid payloadCid) throws IOException {
        return opened(payloadCid);
    }

    @Override
    public PieceCommitment commitment(Cid payloadCid) throws IOException {
        IOException failure = missing(payloadCid);
        for (ImportStore.Row row : rows.find(payloadCid)) {
            try {
                requireUnchanged(row);
                return new PieceCommitment(new Piece(row.pieceCid(), row.pieceSize()), row.carBytes());
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** Looks at the file's length and time; the content is checked block by block when it is sent. */
    void requireUnchanged(ImportStore.Row row) throws IOException {
        Path file = Path.of(row.path());
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(row.path(), null, "the file of import " + row.id() + " is gone");
        }
        Duration moved = Duration.between(row.modifiedAt(), Files.getLastModifiedTime(file).toInstant()).abs();
        if (Files.size(file) != row.sizeBytes() || moved.compareTo(ROUNDED) > 0) {
            throw new FileSystemException(row.path(), null,
                    "the file has changed since it was imported: import it again");
        }
    }

    private ImportedFile opened(Cid payloadCid) throws IOException {
        IOException failure = missing(payloadCid);
        for (ImportStore.Row row : rows.find(payloadCid)) {
            try {
                return ImportedFile.open(index(row));
            } catch (NoSuchFileException e) {
                failure = new FileSystemException(row.path(), null, "the import has lost its index: import it again");
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private Path index(ImportStore.Row row) {
        return folder.resolve(row.id() + ".idx");
    }

    private static IOException missing(Cid payloadCid) {
        return new FileSystemException("no import has the payload CID " + payloadCid);
    }

    private static void requireReadable(Path file) throws IOException {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("the path of an import is absolute, not " + file);
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " is no file that this node can read");
        }
    }
}
