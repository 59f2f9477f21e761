package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Sector;
import io.caravan.model.SectorState;
import io.caravan.store.SealingPace;
import io.caravan.support.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** When sealing has a place again, as told to clients, is what it then takes. */
class SealingPaceTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;
    private SealingPace pace;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
        pace = new SealingPace(POSTGRES.database().sql(), world.clock);
    }

    private Sector newest() {
        return world.sectors.list(Set.of(), null, 100).stream().reduce((one, later) -> later).orElseThrow();
    }

    private void until(SectorState state) {
        world.hand(2000);
        do {
            world.pass();
        } while (newest().state() != state);
    }

    @Test
    void saysNothingBeforeASectorWasSealed() {
        until(SectorState.WAIT_SEED);
        assertThat(pace.untilSealed(1)).isEmpty();
        assertThat(pace.untilPacked(1)).isEmpty();
    }

    @Test
    void expectsASectorToTakeWhatTheLastOnesTook() {
        world.hand(2000);
        world.run();
        until(SectorState.WAIT_SEED);
        Duration expected = pace.untilSealed(1).orElseThrow();
        assertThat(expected).isPositive();
        Instant now = world.clock.instant();
        world.run();
        Duration took = Duration.between(now, newest().enteredAt());
        assertThat(expected.minus(took).abs()).isLessThanOrEqualTo(Duration.ofSeconds(30)); // a look each epoch
    }

    @Test
    void aNewNodeOnTheSameRowsExpectsTheSame() {
        world.hand(2000);
        world.run();
        until(SectorState.WAIT_SEED);
        assertThat(new SealingPace(POSTGRES.database().sql(), world.clock).untilSealed(1)).isEqualTo(pace.untilSealed(1));
    }

    @Test
    void theSecondPlaceComesNoSoonerThanTheFirstAndTheThirdOfTwoNever() {
        world.hand(2000);
        world.run();
        until(SectorState.WAIT_SEED);
        world.hand(2000);
        world.pass();
        assertThat(pace.untilSealed(1).orElseThrow()).isLessThan(pace.untilSealed(2).orElseThrow());
        assertThat(pace.untilSealed(3)).isEmpty();
    }

    @Test
    void doesNotCountTheTimeInWhichASectorTookPieces() {
        world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ofHours(6)));
        world.hand(200);
        world.pass();
        Sector open = newest();
        assertThat(pace.untilPacked(1)).contains(Duration.between(world.clock.instant(), open.turn().deadline()));
        world.clock.forward(Duration.ofHours(6));
        while (newest().state() != SectorState.PROVING) {
            world.pass();
        }
        world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO));
        until(SectorState.PRE_COMMIT_PHASE_2);
        assertThat(pace.untilSealed(1).orElseThrow()).isLessThan(Duration.ofHours(1));
    }
}
