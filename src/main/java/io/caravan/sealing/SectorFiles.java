package io.caravan.sealing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a sector's files lie: {@code <root>/unsealed/s-t01000-7} and so on, as the network's own software names them.
 */
public final class SectorFiles {

    private final Path root;

    /** @param root the role's {@code sectors} folder; made when first needed */
    public SectorFiles(Path root) {
        this.root = root;
    }

    /** The sector's data before sealing, padded: as long as the sector. */
    public Path unsealed(SectorRef sector) {
        return root.resolve("unsealed").resolve(sector.fileName());
    }

    Path unsealedToWrite(SectorRef sector) throws IOException {
        Path file = unsealed(sector);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** The sector's replica, or what an engine without replicas has in its place. */
    public Path sealed(SectorRef sector) {
        return root.resolve("sealed").resolve(sector.fileName());
    }

    Path sealedToWrite(SectorRef sector) throws IOException {
        Path file = sealed(sector);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** The folder that all this lies in. */
    public Path root() {
        return root;
    }

    /** How long the sector's files are together; 0 when there are none. */
    public long bytes(SectorRef sector) {
        long bytes = length(unsealed(sector)) + length(sealed(sector)) + length(part(sector));
        if (!Files.isDirectory(cache(sector))) {
            return bytes;
        }
        try (Stream<Path> all = Files.walk(cache(sector))) {
            return bytes + all.filter(Files::isRegularFile).mapToLong(SectorFiles::length).sum();
        } catch (IOException | UncheckedIOException e) {
            return bytes; // just being removed
        }
    }

    private Path part(SectorRef sector) {
        return sealed(sector).resolveSibling(sector.fileName() + ".part");
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // not there
        }
    }

    /** The folder of the sector's layers, trees and commitments. */
    public Path cache(SectorRef sector) {
        return root.resolve("cache").resolve(sector.fileName());
    }

    /** The folder of what all sectors of one size share. */
    public Path shared() {
        return root.resolve("shared");
    }
}
