package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.Methods;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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

    /** Two sectors that share their messages: a kill between the batch and the message, or the message and its landing. */
    @Test
    void sectorsThatShareAMessageSurviveAKillBehindEverySeventhCall() {
        int calls = shared(Integer.MAX_VALUE - 2);
        for (int point = 1; point <= calls; point += 7) {
            shared(point);
        }
    }

    @Test
    @Tag("matrix")
    void sectorsThatShareAMessageSurviveAKillBehindAnyCall() {
        int calls = shared(Integer.MAX_VALUE - 2);
        for (int point = 1; point <= calls; point++) {
            shared(point);
        }
    }

    private int shared(int killAfter) {
        BatchConfig together = new BatchConfig(2, Duration.ofHours(1), 60);
        SealingWorld world = new SealingWorld(POSTGRES, home.resolve("shared-" + killAfter))
                .with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withConfidence(1, 1).withMaxPieces(1)
                        .withSending(new SendConfig(together, together, TokenAmount.ZERO)));
        assertThat(world.home.toFile().mkdirs()).isTrue();
        world.hand(200);
        world.hand(1000);
        world.killAfter(killAfter).survive();
        String killed = "killed behind call " + killAfter;
        assertThat(world.sectors.count()).as(killed).containsExactly(Map.entry(SectorState.PROVING, 2L));
        assertThat(world.sizes(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).as(killed).containsExactly(2);
        assertThat(world.sizes(Methods.MINER_PROVE_COMMIT_SECTORS3)).as(killed).containsExactly(2);
        return world.calls;
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
