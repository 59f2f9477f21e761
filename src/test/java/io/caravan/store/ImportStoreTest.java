package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.support.TestPostgres;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("db")
class ImportStoreTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Cid PAYLOAD = Cid.rawSha256(new byte[] {1});
    private static final Cid PIECE = Cid.commP(new byte[32]);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private ImportStore store;

    @BeforeEach
    void open() {
        store = new ImportStore(POSTGRES.database().sql());
        store.list().forEach(row -> store.delete(row.id()));
    }

    private static ImportStore.Row row(String path, long bytes, Instant at) {
        return new ImportStore.Row(0, PAYLOAD, path, bytes, NOON, false, bytes + 100, PIECE, PaddedPieceSize.of(2048), at);
    }

    @Test
    void numbersAnImportAndGivesItBack() {
        ImportStore.Row stored = store.save(row("/data/a", 1000, NOON));
        assertThat(stored.id()).isPositive();
        assertThat(stored).usingRecursiveComparison().ignoringFields("id").isEqualTo(row("/data/a", 1000, NOON));
        assertThat(store.find(PAYLOAD)).containsExactly(stored);
        assertThat(store.find(Cid.rawSha256(new byte[] {2}))).isEmpty();
    }

    @Test
    void keepsOneRowForTheSamePayloadAndPath() {
        ImportStore.Row first = store.save(row("/data/a", 1000, NOON));
        ImportStore.Row again = store.save(row("/data/a", 1000, NOON.plusSeconds(5)));
        ImportStore.Row elsewhere = store.save(row("/data/b", 1000, NOON.plusSeconds(9)));
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.importedAt()).isEqualTo(NOON.plusSeconds(5));
        assertThat(store.find(PAYLOAD)).containsExactly(elsewhere, again);
        assertThat(store.list()).containsExactly(again, elsewhere);
    }

    @Test
    void forgetsAnImportOnce() {
        long id = store.save(row("/data/a", 1000, NOON)).id();
        assertThat(store.delete(id)).isTrue();
        assertThat(store.delete(id)).isFalse();
        assertThat(store.list()).isEmpty();
    }
}
