package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How many bytes lie in the staging folder now. */
record StagingFolder(Path folder) implements LongSupplier {

    @Override
    public long getAsLong() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(StagingFolder::size).sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the staging folder " + folder, e);
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
