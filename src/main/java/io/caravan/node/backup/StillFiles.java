package io.caravan.node.backup;

import io.caravan.node.ThrowawayHome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A role's files as a backup reads them. Bytes of deals on their way are held by hard links from before the rows are read: a file
 * that its deal gives up meanwhile is still there to be copied, and one that grows has at least what the rows say of it, for
 * a staged CAR only grows and its journal is written after its bytes. Keys are read after the rows, which so never name one that is missing.
 */
final class StillFiles implements AutoCloseable {

    private static final String LINKS = ".backup-";
    /** Nobody's: made at each start, or told again by the one that runs. */
    private static final List<String> PASSING = List.of("api", "token", "lock");
    private static final List<String> BYTES = List.of("staging", "imports");
    private static final String SECTORS = "sectors";
    /** What a file system puts at its top, for its administrator alone. */
    private static final String OF_THE_DISK = "lost+found";

    private final Path folder;
    private final Path links;
    private final boolean withBytes;

    StillFiles(Path folder, boolean withBytes) throws IOException {
        this.folder = folder;
        this.withBytes = withBytes;
        removeLeftovers(folder);
        this.links = folder.resolve(LINKS + UUID.randomUUID());
    }

    /** Holds what is there now; call it before the rows are read and once more after. */
    void hold() throws IOException {
        if (withBytes) {
            for (String name : BYTES) {
                for (Path file : filesBelow(folder.resolve(name))) {
                    link(file);
                }
            }
        }
    }

    private void link(Path file) throws IOException {
        Path link = links.resolve(folder.relativize(file));
        Files.createDirectories(link.getParent());
        try {
            Files.createLink(link, file);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return; // held already, or gone before any row was read
        } catch (UnsupportedOperationException | FileSystemException e) {
            throw new BackupException("the disk of " + folder + " makes no hard links (" + e.getMessage()
                    + "): stop the node and copy its staging folder, or leave --staging out");
        }
    }

    /** One file of the backup: where to read it, and the name it has there. */
    record Held(Path source, String path) {
    }

    /** Everything to be copied, keys and identity as they are now, the rest as it is held. */
    List<Held> files() throws IOException {
        List<Held> files = new ArrayList<>();
        for (Path file : filesBelow(folder)) {
            Path path = folder.relativize(file);
            String top = path.getName(0).toString();
            boolean isMark = top.equals(SECTORS) && path.getNameCount() == 2 && Files.size(file) < 4096;
            if (isMark || !PASSING.contains(path.toString()) && !BYTES.contains(top) && !top.equals(SECTORS) && !top.startsWith(LINKS)
                    && !file.getFileName().toString().endsWith(".part")) {
                files.add(new Held(file, name(path)));
            }
        }
        if (Files.isDirectory(links)) {
            for (Path file : filesBelow(links)) {
                files.add(new Held(file, name(links.relativize(file))));
            }
        }
        return files;
    }

    @Override
    public void close() {
        if (Files.isDirectory(links)) {
            ThrowawayHome.remove(links);
        }
    }

    private static void removeLeftovers(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(path -> path.getFileName().toString().startsWith(LINKS)).forEach(ThrowawayHome::remove);
        }
    }

    private static String name(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            // A folder may be a link to another disk's.
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    boolean isGone = e instanceof NoSuchFileException; // while the folder was read
                    if (isGone || file.getFileName().toString().equals(OF_THE_DISK)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw new BackupException("a backup without " + file + " is none, and it cannot be read (" + e
                            + "): run this as the user of the node");
                }
            });
            files.sort(null);
        }
        return files;
    }
}
