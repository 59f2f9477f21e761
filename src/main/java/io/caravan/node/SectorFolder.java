package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.store.SettingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Makes sure that the folder of sectors is the one that the database speaks of: both hold the same mark, made at the first
 * start. In another folder, or on a disk that is not mounted, all sectors would seem to be damaged.
 */
final class SectorFolder {

    private static final String KEPT = "sealing.folder.mark";
    private static final String FILE = ".caravan-sectors";

    private final SettingStore kept;

    SectorFolder(SettingStore kept) {
        this.kept = kept;
    }

    /** @throws io.caravan.node.config.ConfigException the folder is another one than at the first start */
    void require(Path folder, Settings settings) {
        Path file = folder.resolve(FILE);
        try {
            String mark = kept.find(KEPT).orElse(null);
            if (mark == null) {
                mark = UUID.randomUUID().toString();
                Files.createDirectories(folder);
                Files.writeString(file, mark);
                kept.put(KEPT, mark);
            } else if (!Files.exists(file) || !Files.readString(file).strip().equals(mark)) {
                throw settings.wrong("sealing.folder", "must be the folder that the sectors of this database are in; " + folder
                        + " is another one, or its disk is not mounted (its file " + FILE + " says which it is)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write " + file, e);
        }
    }
}
