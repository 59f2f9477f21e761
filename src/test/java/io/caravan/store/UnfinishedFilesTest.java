package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFilesTest {

    @TempDir
    Path home;

    @Test
    void removesProgramsThatAKillLeftHalfUnpackedAndKeepsTheOthers() throws IOException {
        Path half = Files.createDirectories(home.resolve("bin/PG-half/lib"));
        Files.createSymbolicLink(half.resolve("libicuuc.so"), Path.of("libicuuc.so.60"));
        Path whole = Files.createDirectories(home.resolve("bin/PG-whole/lib"));
        Files.createFile(home.resolve("bin/PG-whole/.exists"));
        UnfinishedFiles.removePrograms(home.resolve("bin"));
        assertThat(half.getParent()).doesNotExist();
        assertThat(whole).exists();
    }

    @Test
    void hasNothingToDoBeforeTheFirstStart() throws IOException {
        UnfinishedFiles.removePrograms(home.resolve("bin"));
        UnfinishedFiles.remove(home.resolve("data"));
        assertThat(home).isEmptyDirectory();
    }
}
