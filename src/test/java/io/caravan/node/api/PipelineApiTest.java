package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.MethodTable;
import io.caravan.sealing.SealProof;
import io.caravan.sealing.SealingProgress;
import io.caravan.sealing.SectorRef;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SealingHistory;
import io.caravan.store.SealingPace;
import io.caravan.store.SectorStore;
import io.caravan.store.Sql;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lanes of sealing, how many sectors came out when, and how long steps take, at the borders of what rows can say. */
@Tag("db")
class PipelineApiTest {

    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    private static final int STRETCHES = 48;
    private static final Duration DAY = Duration.ofHours(24);
    /** Of a day's 48. */
    private static final Duration STRETCH = Duration.ofMinutes(30);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final SealingProgress progress = new SealingProgress(clock);
    private final Map<Long, Long> seqs = new HashMap<>();
    private SectorStore sectors;
    private LocalCalls miner;

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
        sectors = new PostgresSectorStore(sql, clock, "node", Deadlines.usual(), Backoff.usual(new Random(1)));
        ApiJson json = new ApiJson(Network.TESTNET);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        new PipelineApi(json, new SectorListApi(json, sectors, new SectorListApi.Engine("java", "", progress)), sectors,
                new SealingHistory(sql), clock).register(methods);
        miner = new LocalCalls(methods);
    }

    private SectorNumber sector(SectorState state) {
        SectorNumber number = sectors.open(FilAddress.ofId(1000), 5, null).number();
        sql.write("test/sector-state", Map.of("number", number.value(), "state", state.wireName(), "at", clock.instant()));
        return number;
    }

    private void event(SectorNumber number, SectorEvent event, SectorState from, SectorState to, Instant at) {
        Map<String, @Nullable Object> line = new HashMap<>();
        line.put("number", number.value());
        line.put("seq", seqs.merge(number.value(), 100L, (had, more) -> had + 1));
        line.put("event", event.wireName());
        line.put("from_state", from.wireName());
        line.put("to_state", to.wireName());
        line.put("from_name", from.wireName());
        line.put("to_name", to.wireName());
        line.put("note", null);
        line.put("at", at);
        line.put("node", null);
        sql.write("sector_event/append", line);
    }

    private void finished(Instant at) {
        event(sector(SectorState.PROVING), SectorEvent.FINALIZED, SectorState.FINALIZE, SectorState.PROVING, at);
    }

    private List<Long> throughput(long hours) {
        JsonNode told = miner.call("Caravan.SealingThroughput", hours);
        List<Long> counts = new ArrayList<>();
        told.path("finished").forEach(one -> counts.add(one.asLong()));
        assertThat(counts).hasSize(STRETCHES);
        assertThat(Instant.parse(told.path("since").asText())).isEqualTo(clock.instant().minus(Duration.ofHours(hours)));
        assertThat(told.path("seconds").asLong() * STRETCHES).as("no time is left out").isEqualTo(Duration.ofHours(hours).toSeconds());
        return counts;
    }

    @Test
    void aMinerWithoutSectorsHasEveryLaneAndAFlatPlot() {
        JsonNode told = miner.call("Caravan.Pipeline");
        assertThat(told.path("proving").asLong()).isZero();
        assertThat(told.path("engine").asText()).isEqualTo("java");
        assertThat(told.path("lanes").findValuesAsText("state")).containsExactly("PreCommitPhase1", "PreCommitPhase2", "WaitSeed",
                "CommitPhase1", "CommitPhase2", "Finalize");
        assertThat(told.path("lanes")).allSatisfy(lane -> {
            assertThat(lane.path("many").asLong()).isZero();
            assertThat(lane.path("sectors")).isEmpty();
            assertThat(lane.path("label").asText()).isNotBlank();
        });
        assertThat(throughput(24)).containsOnly(0L);
    }

    @Test
    void aSectorStandsInItsOwnLaneWithWhatIsComputedOfItAndProvenOnesAreOnlyCounted() {
        sector(SectorState.PROVING);
        SectorNumber sealing = sector(SectorState.PRE_COMMIT_PHASE_2);
        progress.at(new SectorRef(FilAddress.ofId(1000), sealing, SealProof.ofNumber(5)), "tree-c", 3, 8);
        JsonNode told = miner.call("Caravan.Pipeline");
        assertThat(told.path("proving").asLong()).isEqualTo(1);
        assertThat(told.path("lanes").path(1).path("sectors")).singleElement().satisfies(one -> {
            assertThat(one.path("number").asLong()).isEqualTo(sealing.value());
            assertThat(one.path("progress").path("done").asLong()).isEqualTo(3);
        });
        assertThat(told.path("lanes")).extracting(lane -> lane.path("many").asLong()).containsExactly(0L, 1L, 0L, 0L, 0L, 0L);
    }

    @Test
    void aLaneShowsFiftyAndCountsAll() {
        for (int i = 0; i < 53; i++) {
            sector(SectorState.WAIT_SEED);
        }
        JsonNode lane = miner.call("Caravan.Pipeline").path("lanes").path(2);
        assertThat(lane.path("many").asLong()).isEqualTo(53);
        assertThat(lane.path("sectors")).hasSize(50);
    }

    @Test
    void theBordersOfStretchesBelongToTheLaterOneAndThoseOfTheWindowAreInIt() {
        Instant since = NOW.minus(DAY);
        finished(since.minusMillis(1)); // before the window
        finished(since);
        finished(since.plus(STRETCH).minusMillis(1));
        finished(since.plus(STRETCH));
        finished(NOW.minusMillis(1));
        finished(NOW);
        List<Long> counts = throughput(24);
        assertThat(counts.subList(0, 2)).containsExactly(2L, 1L);
        assertThat(counts.get(STRETCHES - 1)).as("the very moment of the question counts").isEqualTo(2);
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(5);
    }

    @Test
    void aClockOfAnotherNodeThatIsAheadHidesNoSector() {
        finished(NOW.plusSeconds(40));
        assertThat(throughput(1).get(STRETCHES - 1)).isEqualTo(1);
    }

    @Test
    void onlyWhatLeftFinalizingCountsAndASectorThatCameTwiceCountsTwice() {
        SectorNumber number = sector(SectorState.PROVING);
        event(number, SectorEvent.FINALIZED, SectorState.PROVING, SectorState.PROVING, NOW.minusSeconds(60));
        event(number, SectorEvent.PROVE_LANDED, SectorState.COMMIT_PHASE_2, SectorState.FINALIZE, NOW.minusSeconds(50));
        event(number, SectorEvent.FINALIZED, SectorState.FINALIZE, SectorState.PROVING, NOW.minusSeconds(40));
        event(number, SectorEvent.FINALIZED, SectorState.FINALIZE, SectorState.PROVING, NOW.minusSeconds(30));
        assertThat(throughput(24 * 31).stream().mapToLong(Long::longValue).sum()).isEqualTo(2);
    }

    @Test
    void aWindowThatIsNoneIsRefusedAndSaysWhichAreToldFor() {
        for (long hours : new long[] {0, -1, 24 * 31 + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> miner.call("Caravan.SealingThroughput", hours)).hasMessageContaining("1 to 744 hours, not " + hours);
        }
    }

    @Test
    void nothingIsForetoldAcrossAStepThatHasNoTimesYet() {
        SectorNumber proven = sector(SectorState.PROVING); // one from elsewhere: its history begins behind the seed
        event(proven, SectorEvent.SEED_READY, SectorState.WAIT_SEED, SectorState.COMMIT_PHASE_1, NOW.minusSeconds(100));
        event(proven, SectorEvent.COMMIT_1_DONE, SectorState.COMMIT_PHASE_1, SectorState.COMMIT_PHASE_2, NOW.minusSeconds(80));
        event(proven, SectorEvent.PROVE_LANDED, SectorState.COMMIT_PHASE_2, SectorState.FINALIZE, NOW.minusSeconds(50));
        event(proven, SectorEvent.FINALIZED, SectorState.FINALIZE, SectorState.PROVING, NOW.minusSeconds(40));
        SealingPace pace = new SealingPace(sql, clock);
        sector(SectorState.WAIT_SEED);
        assertThat(pace.untilSealed(1)).as("nobody knows how long a seed takes here").isEmpty();
        SectorNumber proving = sector(SectorState.COMMIT_PHASE_1);
        event(proving, SectorEvent.SEED_READY, SectorState.WAIT_SEED, SectorState.COMMIT_PHASE_1, NOW);
        assertThat(pace.untilSealed(1)).as("20 s, 30 s and 10 s").contains(Duration.ofSeconds(60));
        assertThat(pace.untilSealed(2)).isEmpty();
        clock.forward(Duration.ofSeconds(45));
        assertThat(pace.untilSealed(1)).as("late in its step: only what follows is left").contains(Duration.ofSeconds(40));
    }
}
