package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Settings;
import io.caravan.store.SettingStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A database and a folder of sectors know each other. */
@Tag("db")
class SectorFolderTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SectorFolder folder;

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        folder = new SectorFolder(new SettingStore(POSTGRES.database().sql(), SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"))));
    }

    @Test
    void theFolderOfTheFirstStartIsTheOneOfAllLaterOnes() throws Exception {
        Path first = home.resolve("first");
        folder.require(first, settings());
        assertThatCode(() -> folder.require(first, settings())).doesNotThrowAnyException();
        Path other = Files.createDirectories(home.resolve("other"));
        assertThatThrownBy(() -> folder.require(other, settings())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("sealing.folder").hasMessageContaining("not mounted");
        Files.writeString(other.resolve(".caravan-sectors"), "of another database");
        assertThatThrownBy(() -> folder.require(other, settings())).isInstanceOf(ConfigException.class);
    }

    private Settings settings() {
        return RoleSettings.load(home, Map.of());
    }
}
