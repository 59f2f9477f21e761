package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The staging folder: how many bytes lie in it now, and how many its disk has left. */
record StagingFolder(Path folder) implements LongSupplier {

    @Override
    public long getAsLong() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(StagingFolder::size).sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the staging folder " + folder, e);
        }
    }

    /** Bytes that its disk has left for us. */
    long usable() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask how much room the disk of " + folder + " has", e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // removed since it was listed
        }
    }
}
