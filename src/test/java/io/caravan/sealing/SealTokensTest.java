package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.SectorNumber;
import io.caravan.support.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SealTokensTest {

    private static final Need ONE_CORE = new Need(1, 100);
    private static final Need BOTH_CORES = new Need(2, 300);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private SealTokens.Sizes sizes = new SealTokens.Sizes(2, 350);
    private final SealTokens tokens = new SealTokens(() -> sizes, clock);
    private final AtomicInteger rings = new AtomicInteger();

    private SealTokens.Answer ask(SealStep step, Need need) {
        return tokens.ask(step, need, rings::incrementAndGet);
    }

    private SealTokens.Pass in(SealStep step, Need need, long sector) {
        SealTokens.Pass pass = ask(step, need).pass();
        pass.of(SectorNumber.of(sector));
        return pass;
    }

    @Test
    void givesWhatThereIsAndSaysWhoHasTheRest() {
        in(SealStep.PRE_COMMIT_1, ONE_CORE, 12);
        assertThat(ask(SealStep.PRE_COMMIT_2, BOTH_CORES).waitsFor()).isEqualTo("2 of 2 cpu; sector 12 has 1");
        in(SealStep.PRE_COMMIT_2, ONE_CORE, 13);
        assertThat(ask(SealStep.PRE_COMMIT_1, ONE_CORE).waitsFor()).isEqualTo("1 of 2 cpu; sector 12 has 1, sector 13 has 1");
        assertThat(tokens.taken()).isEqualTo(new Need(2, 200));
        assertThat(tokens.holders()).containsExactly("sector 12: 1 cpu, 100 B", "sector 13: 1 cpu, 100 B");
    }

    @Test
    void aChangedSizeHoldsForTheNextStepAndTakesNothingAway() {
        in(SealStep.PRE_COMMIT_1, ONE_CORE, 12);
        sizes = new SealTokens.Sizes(1, 350);
        assertThat(ask(SealStep.PRE_COMMIT_1, ONE_CORE).waitsFor()).isEqualTo("1 of 1 cpu; sector 12 has 1");
        assertThat(tokens.taken()).isEqualTo(ONE_CORE);
        sizes = new SealTokens.Sizes(3, 400);
        assertThat(ask(SealStep.PRE_COMMIT_2, BOTH_CORES).pass()).isNotNull();
    }

    @Test
    void countsTheHeapToo() {
        in(SealStep.PRE_COMMIT_1, new Need(1, 300), 4);
        assertThat(ask(SealStep.ADD_PIECES, ONE_CORE).waitsFor()).isEqualTo("100 B of 350 B heap; sector 4 has 300 B");
    }

    @Test
    void wakesThoseWhoWaitWhenSomethingIsGivenBackAndGivesBackOnce() {
        SealTokens.Pass first = in(SealStep.PRE_COMMIT_1, ONE_CORE, 1);
        ask(SealStep.PRE_COMMIT_2, BOTH_CORES);
        first.close();
        first.close();
        assertThat(rings).hasValue(1);
        assertThat(tokens.taken()).isEqualTo(Need.NOTHING);
        assertThat(ask(SealStep.PRE_COMMIT_2, BOTH_CORES).pass()).isNotNull();
    }

    @Test
    void letsTheStepNearestToTheEndGoFirst() {
        SealTokens.Pass first = in(SealStep.PRE_COMMIT_1, ONE_CORE, 1);
        ask(SealStep.PRE_COMMIT_2, BOTH_CORES);
        assertThat(ask(SealStep.PRE_COMMIT_1, ONE_CORE).waitsFor()).isEqualTo("1 of 2 cpu; a sector in PreCommitPhase2 goes first");
        first.close();
        SealTokens.Pass second = in(SealStep.PRE_COMMIT_2, BOTH_CORES, 2);
        second.close();
        assertThat(ask(SealStep.PRE_COMMIT_1, ONE_CORE).pass()).isNotNull();
    }

    @Test
    void forgetsWhoDoesNotAskAnyMore() {
        in(SealStep.PRE_COMMIT_1, ONE_CORE, 1);
        ask(SealStep.PRE_COMMIT_2, BOTH_CORES);
        clock.forward(Duration.ofSeconds(11));
        assertThat(ask(SealStep.PRE_COMMIT_1, ONE_CORE).pass()).isNotNull();
        ask(SealStep.PRE_COMMIT_2, BOTH_CORES);
        tokens.forget(SealStep.PRE_COMMIT_2);
        assertThat(ask(SealStep.ADD_PIECES, new Need(0, 100)).pass()).isNotNull();
    }

    @Test
    void letsStepsThatTakeNothingInAtOnce() {
        in(SealStep.PRE_COMMIT_2, BOTH_CORES, 1);
        assertThat(ask(SealStep.COMMIT_1, Need.NOTHING).pass()).isNotNull();
        assertThat(tokens.holders()).hasSize(1);
    }

    @Test
    void refusesAStepThatCouldNeverRunHere() {
        assertThatThrownBy(() -> ask(SealStep.PRE_COMMIT_2, new Need(3, 1))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PreCommitPhase2");
    }
}
