package io.caravan.sealing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    /** The folder of the sector's layers, trees and commitments. */
    public Path cache(SectorRef sector) {
        return root.resolve("cache").resolve(sector.fileName());
    }

    /** The folder of what all sectors of one size share. */
    public Path shared() {
        return root.resolve("shared");
    }
}
