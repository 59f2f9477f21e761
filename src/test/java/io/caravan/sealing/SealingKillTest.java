package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.Methods;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.support.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A kill behind every single call to chain, store and engine: each time the sector is sealed, by one message of each
 * kind.
 */
class SealingKillTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    /** A slice that is another one each day would hide what it found: it is always the same. */
    @Test
    void survivesAKillBehindEverySeventhCall() {
        int calls = lived(Integer.MAX_VALUE - 1);
        for (int point = 1; point <= calls; point += 7) {
            lived(point);
        }
    }

    @Test
    @Tag("matrix")
    void survivesAKillBehindAnyCall() {
        int calls = lived(Integer.MAX_VALUE - 1);
        for (int point = 1; point <= calls; point++) {
            lived(point);
        }
    }

    private int lived(int killAfter) {
        SealingWorld world = new SealingWorld(POSTGRES, home.resolve(String.valueOf(killAfter)))
                .with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withConfidence(1, 1));
        assertThat(world.home.toFile().mkdirs()).isTrue();
        SectorPiece first = world.hand(200);
        SectorPiece second = world.hand(1000);
        world.killAfter(killAfter).survive();
        String killed = "killed behind call " + killAfter;
        assertThat(world.only().state()).as(killed).isEqualTo(SectorState.PROVING);
        assertThat(world.piece(first).sector()).as(killed).isEqualTo(world.piece(second).sector()).isNotNull();
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).as(killed).hasSize(1);
        assertThat(world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3)).as(killed).hasSize(1);
        assertThat(world.chain.sector(SealingWorld.MINER, world.only().number())).as(killed).isPresent();
        return world.calls;
    }
}
