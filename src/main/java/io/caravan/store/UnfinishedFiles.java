package io.caravan.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What a kill in the middle of the very first start leaves of the embedded PostgreSQL: half unpacked programs, and a
 * cluster that cannot start. Neither is gone on with by those who make them, so both are removed and made anew.
 */
final class UnfinishedFiles {

    /** Written beside the programs when all of them are there. */
    private static final String UNPACKED = ".exists";

    private UnfinishedFiles() {}

    /** Removes programs that were not unpacked to the end. */
    static void removePrograms(Path bin) throws IOException {
        if (!Files.isDirectory(bin)) {
            return;
        }
        try (Stream<Path> versions = Files.list(bin)) {
            for (Path version : versions.filter(folder -> Files.isDirectory(folder) && !Files.exists(folder.resolve(UNPACKED))).toList()) {
                remove(version);
            }
        }
    }

    /** Removes a folder with everything in it, also when another process that is about to end still adds to it. */
    static void remove(Path folder) throws IOException {
        for (int tries = 0; Files.exists(folder) && tries < 10; tries++) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (DirectoryNotEmptyException | NoSuchFileException | UncheckedIOException e) {
                // something came or went meanwhile: look again
            }
        }
    }
}
