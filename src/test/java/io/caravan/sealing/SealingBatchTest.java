package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.codec.Bytes;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.SectorBatches.Member;
import io.caravan.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sectors that wait for each other and share their messages (spec sealing 5.3). */
class SealingBatchTest {

    private static final long PRE_COMMIT = Methods.MINER_PRE_COMMIT_SECTOR_BATCH2;
    private static final long PROVE = Methods.MINER_PROVE_COMMIT_SECTORS3;

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
        sharing(new BatchConfig(3, Duration.ofHours(2), 60));
    }

    private void sharing(BatchConfig batch) {
        world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withConfidence(1, 1).withMaxPieces(1).withMaxOpen(10)
                .withSending(new SendConfig(batch, batch, TokenAmount.ZERO)));
    }

    private void hand(int sectors) {
        for (int i = 0; i < sectors; i++) {
            world.hand(1000);
        }
    }

    private void allProven(int sectors) {
        assertThat(world.sectors.count()).containsExactly(Map.entry(SectorState.PROVING, (long) sectors));
    }

    @Test
    void asManyAsAMessageTakesGoTogetherAtOnce() {
        hand(3);
        world.run();
        allProven(3);
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(3);
        assertThat(world.sizes(PROVE)).containsExactly(3);
        Message prove = world.pushed(PROVE).get(0).message();
        assertThat(ProveCommitSectors3Params.ofCbor(prove.params().toArray()).isActivationRequired()).isFalse();
        assertThat(prove.value()).as("three times what the pledge needs on top of the deposit").isEqualTo(TokenAmount.ofAtto(21));
        assertThat(world.pushed(PRE_COMMIT).get(0).message().value()).isEqualTo(TokenAmount.ofAtto(15));
    }

    @Test
    void aSectorWaitsForCompanySaysUntilWhenAndThenGoesAlone() {
        hand(1);
        world.pass();
        world.pass();
        Sector waiting = world.only();
        assertThat(waiting.stage()).isEqualTo(SectorStage.SUBMITTING);
        assertThat(waiting.waiting().on()).isEqualTo(WaitsOn.TIME);
        assertThat(waiting.waiting().what()).isEqualTo("company for its pre-commit message, 1 of 3 sectors");
        assertThat(waiting.waiting().until()).isEqualTo(waiting.waiting().since().plus(Duration.ofHours(2)));
        while (world.clock.instant().isBefore(waiting.waiting().until())) {
            assertThat(world.pushed(PRE_COMMIT)).isEmpty();
            world.pass();
        }
        world.pass();
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(1);
    }

    @Test
    void nobodyWaitsWhenADealIsAboutToBegin() {
        sharing(new BatchConfig(3, Duration.ofDays(2), 60));
        long start = SealingWorld.HEAD + 600;
        world.hand(1000, start, 0);
        while (world.pushed(PRE_COMMIT).isEmpty()) {
            world.pass();
        }
        assertThat(world.epoch).isBetween(start - 61, start - 55);
    }

    @Test
    void nobodyWaitsUntilATicketIsTooOld() {
        sharing(new BatchConfig(3, Duration.ofDays(30), 2800));
        world.hand(1000, SealingWorld.HEAD + 100_000, 0);
        long ticket = SealingWorld.HEAD - 900;
        while (world.pushed(PRE_COMMIT).isEmpty()) {
            world.pass();
        }
        long last = ticket + SealEpochs.MAX_TICKET_AGE - 2800;
        assertThat(world.epoch).isBetween(last - 2, last + 3);
    }

    @Test
    void aProofThatTheChainDoesNotTakeHoldsNoOtherUp() {
        hand(3);
        while (world.pushed(PRE_COMMIT).isEmpty()) {
            world.pass();
        }
        SectorNumber bad = world.sectors.list(Set.of(), null, 10).get(1).number();
        world.unprovable.add(bad);
        world.run();
        allProven(3);
        assertThat(world.sizes(PROVE)).containsExactly(3, 1);
        for (Sector sector : world.sectors.list(Set.of(), null, 10)) {
            long failures = world.events(sector.number()).stream().filter(SectorEvent.PROVE_FAILED::equals).count();
            assertThat(failures).as("failures of sector " + sector.number()).isEqualTo(sector.number().equals(bad) ? 1 : 0);
        }
        Message alone = world.pushed(PROVE).get(1).message();
        assertThat(ProveCommitSectors3Params.ofCbor(alone.params().toArray()).isNotificationRequired())
                .as("the market may still refuse a deal of it").isTrue();
    }

    @Test
    void afterAMessageThatFailedEachGoesAlone() {
        hand(3);
        world.exitCode = ExitCode.ILLEGAL_ARGUMENT;
        while (world.pushed(PRE_COMMIT).isEmpty()) {
            world.pass();
        }
        world.exitCode = 0;
        world.run();
        allProven(3);
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(3, 1, 1, 1);
        assertThat(world.sizes(PROVE)).containsExactly(3);
    }

    @Test
    void aSectorThatTheChainWouldRefuseStaysOutOfTheMessage() {
        hand(3);
        SectorNumber bad = numberOfThird();
        world.chain.refuseEstimatesOf(message -> message.method() == PRE_COMMIT && PreCommitSectorBatch2Params
                .ofCbor(message.params().toArray()).sectors().stream().anyMatch(info -> info.sector().equals(bad)));
        for (int i = 0; i < 4; i++) {
            world.pass();
        }
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(2);
        world.chain.refuseEstimatesOf(message -> false);
        sharing(BatchConfig.ALONE);
        world.run();
        allProven(3);
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(2, 1);
    }

    private SectorNumber numberOfThird() {
        while (world.sectors.list(Set.of(), null, 10).size() < 3) {
            new SectorPacker(SealingWorld.MINER, world.tools()).pack();
        }
        return world.sectors.list(Set.of(), null, 10).get(2).number();
    }

    @Test
    void bytesBoundAMessage() {
        sharing(new BatchConfig(100, Duration.ofMinutes(5), 60));
        SealingEngine plain = new PlaceholderEngine(world.files, SealingEngine.Progress.NONE);
        world.with((SealingEngine) Proxy.newProxyInstance(SealingEngine.class.getClassLoader(), new Class<?>[] {SealingEngine.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("commit2") ? Bytes.wrap(new byte[25 << 10])
                                : method.getName().equals("sealFlaw") ? Optional.empty() : method.invoke(plain, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
        hand(5);
        world.run();
        allProven(5);
        assertThat(world.sizes(PRE_COMMIT)).containsExactly(5);
        assertThat(world.sizes(PROVE)).containsExactly(2, 2, 1);
        assertThat(world.pushed(PROVE)).allSatisfy(signed -> assertThat(signed.toCbor().length).isLessThan(64 << 10));
    }

    @Test
    void aDepositAboveItsCapWaits() {
        world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO).withConfidence(1, 1)
                .withSending(new SendConfig(BatchConfig.ALONE, BatchConfig.ALONE, TokenAmount.ofAtto(4))));
        hand(1);
        for (int i = 0; i < 3; i++) {
            world.pass();
        }
        assertThat(world.pushed(PRE_COMMIT)).isEmpty();
        assertThat(world.only().waiting().on()).isEqualTo(WaitsOn.MONEY);
        assertThat(world.only().waiting().lastError()).contains("sealing.deposit.cap");
        sharing(BatchConfig.ALONE);
        world.run();
        allProven(1);
    }

    @Test
    void nothingIsWrittenOfASectorThatWentOnElsewhere() {
        hand(2);
        sharing(new BatchConfig(3, Duration.ofDays(1), 60));
        while (world.sectors.list(Set.of(SectorState.PRE_COMMIT_PHASE_2), null, 10).stream()
                .filter(sector -> sector.stage() == SectorStage.SUBMITTING).count() < 2) {
            world.pass();
        }
        List<Sector> ready = world.batches.ready(SectorState.PRE_COMMIT_PHASE_2, 10);
        world.sectors.signal(ready.get(1).number(), sector -> sector, SectorEvent.RESTART);
        SectorMessages messages = new SectorMessages(world.tools());
        var order = new SectorMessages.Order(ready.get(0), "pre-commit", PRE_COMMIT, TokenAmount.ZERO, Bytes.EMPTY, 2);
        List<Member> members = ready.stream().map(sector -> new Member(sector, messages.key(sector, "pre-commit"))).toList();
        assertThat(world.batches.write(messages.intent(order), members)).isFalse();
        assertThat(world.messages.find(messages.intent(order).key())).isEmpty();
        assertThat(world.batches.messageOf(members.get(0).key())).isEmpty();
    }

    @Test
    void aSectorWhoseDealsBeganMeanwhileLosesNoDepositInCompany() {
        world.hand(1000, SealingWorld.HEAD + 600, 0);
        world.hand(1000, SealingWorld.HEAD + 100_000, 0);
        while (world.batches.ready(SectorState.PRE_COMMIT_PHASE_2, 10).size() < 2) {
            world.pass();
        }
        List<SectorNumber> both = world.batches.ready(SectorState.PRE_COMMIT_PHASE_2, 10).stream().map(Sector::number).toList();
        SectorNumber late = both.stream().filter(number -> world.sectors.piecesOf(number).get(0).startEpoch().value()
                == SealingWorld.HEAD + 600).findFirst().orElseThrow();
        world.epoch += 700; // as after a night in which the node was down
        while (world.pushed(PRE_COMMIT).isEmpty()) {
            world.pass();
        }
        assertThat(world.events(late)).endsWith(SectorEvent.DEALS_EXPIRED);
        assertThat(world.pushed(PRE_COMMIT)).hasSize(1);
        assertThat(PreCommitSectorBatch2Params.ofCbor(world.pushed(PRE_COMMIT).get(0).message().params().toArray()).sectors())
                .noneMatch(info -> info.sector().equals(late));
    }

    @Test
    void aStartSignsNoMessageOfASectorBeforeItsStepHasLooked() {
        hand(1);
        while (world.batches.ready(SectorState.PRE_COMMIT_PHASE_2, 10).isEmpty()) {
            world.pass();
        }
        Sector ready = world.batches.ready(SectorState.PRE_COMMIT_PHASE_2, 10).get(0);
        SectorMessages messages = new SectorMessages(world.tools());
        world.messages.intend(messages.intent(new SectorMessages.Order(ready, "pre-commit", PRE_COMMIT, TokenAmount.ZERO, Bytes.EMPTY, 1)));
        world.tools().lane().resume();
        assertThat(world.pushed(PRE_COMMIT)).isEmpty();
    }
}
