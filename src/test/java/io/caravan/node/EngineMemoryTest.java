package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.FilAddress;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorStore;
import io.caravan.store.SettingStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when another engine is set while sectors of the one before are there. */
@Tag("db")
class EngineMemoryTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final List<SectorEvent> TO_PROVING = List.of(SectorEvent.PACKED, SectorEvent.PRE_COMMIT_1_DONE, SectorEvent.PRE_COMMIT_LANDED,
            SectorEvent.SEED_READY, SectorEvent.COMMIT_1_DONE, SectorEvent.PROVE_LANDED, SectorEvent.FINALIZED);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
    private final SectorStore sectors = new PostgresSectorStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
            Backoff.usual(new Random(1)));
    private EngineMemory memory;

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        memory = new EngineMemory(new SettingStore(POSTGRES.database().sql(), clock), sectors);
    }

    @Test
    void withoutSectorsTheEngineMayBeAnother() {
        for (String engine : List.of("placeholder", "java", "lotus-miner", "java", "placeholder")) {
            assertThatCode(() -> memory.use(engine)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({"java,placeholder,1", "java,placeholder,8", "java,lotus-miner,1", "java,lotus-miner,8", "placeholder,java,1", "placeholder,java,3",
        "placeholder,lotus-miner,8", "lotus-miner,java,1", "lotus-miner,placeholder,8"})
    void sectorsThatTheEngineWouldSpoilKeepItFromStarting(String before, String engine, int steps) {
        memory.use(before);
        sector(steps);
        for (int times = 0; times < 2; times++) {
            assertThatThrownBy(() -> memory.use(engine)).isInstanceOf(StartException.class).hasMessageStartingWith(
                    "sealing.engine = " + engine + " cannot go on with the sector that sealing.engine = " + before + " looks after; set it to "
                            + before + " again");
        }
        assertThatCode(() -> memory.use(before)).doesNotThrowAnyException();
    }

    @Test
    void provenSectorsOfThePlaceholderAreInNobodysWay() {
        memory.use("placeholder");
        sector(8);
        memory.use("java");
        assertThatThrownBy(() -> memory.use("placeholder")).as("the chain may ask for them").isInstanceOf(StartException.class);
    }

    @Test
    void manySectorsAreCountedAndEndedOnesAreNot() {
        memory.use("java");
        sectors.signal(sector(8), one -> one, SectorEvent.EXPIRED);
        assertThatCode(() -> memory.use("lotus-miner")).doesNotThrowAnyException();
        sector(1);
        sector(4);
        assertThatThrownBy(() -> memory.use("placeholder")).hasMessageContaining("with the 2 sectors that sealing.engine = lotus-miner");
    }

    @Test
    void sectorsFromBeforeAnythingWasNotedAreThePlaceholders() {
        sector(2);
        assertThatThrownBy(() -> memory.use("java")).hasMessageContaining("with devnet.proofs = placeholder");
    }

    /** A sector that has gone so many steps of the eight to Proving. */
    private SectorNumber sector(int steps) {
        SectorNumber number = sectors.open(FilAddress.ofId(1000), 5, null).number();
        TO_PROVING.subList(0, steps - 1).forEach(event -> sectors.signal(number, one -> one, event));
        assertThat(sectors.find(number)).isPresent();
        return number;
    }
}
