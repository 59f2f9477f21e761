package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.chain.MarketDeal;
import io.caravan.support.DealFixture;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.piece.Piece;
import io.caravan.piece.SectorLayout;
import io.caravan.store.StoredMessage;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SealingStepsTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
    }

    @Test
    void sealsTwoPiecesIntoOneProvenSector() {
        SectorPiece small = world.hand(200);
        SectorPiece large = world.hand(1000);
        world.run();
        Sector sector = world.only();
        assertThat(sector.state()).isEqualTo(SectorState.PROVING);
        assertThat(world.piece(small).offset()).isZero();
        assertThat(world.piece(large).offset()).isEqualTo(1024);
        assertThat(sector.commD()).isEqualTo(SectorLayout.of(SealProof.SEAL_2K.sectorSize(), List.of(
                new Piece(small.pieceCid(), small.size()), new Piece(large.pieceCid(), large.size()))).commD());
        assertThat(Files.exists(world.files.unsealed(SectorRef.of(sector)))).isTrue();
        assertThat(world.events(sector.number())).containsExactly(SectorEvent.OPEN, SectorEvent.PIECE_ADDED,
                SectorEvent.PIECE_ADDED,
                SectorEvent.PACKED, SectorEvent.TICKET_TAKEN, SectorEvent.PRE_COMMIT_1_DONE,
                SectorEvent.PRE_COMMIT_2_DONE,
                SectorEvent.PRE_COMMIT_SENT, SectorEvent.PRE_COMMIT_LANDED, SectorEvent.SEED_READY,
                SectorEvent.COMMIT_1_DONE,
                SectorEvent.COMMIT_2_DONE, SectorEvent.PROVE_SENT, SectorEvent.PROVE_LANDED, SectorEvent.FINALIZED);
    }

    @Test
    void promisesASectorAsTheChainWantsIt() {
        SectorPiece piece = world.hand(1000);
        world.run();
        var message = world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2).get(0).message();
        SectorPreCommitInfo info = PreCommitSectorBatch2Params.ofCbor(message.params().toArray()).sectors().get(0);
        Sector sector = world.only();
        assertThat(message.value()).isEqualTo(TokenAmount.ofAtto(5));
        assertThat(info.sealRandEpoch()).isEqualTo(SealingWorld.HEAD - 900);
        assertThat(info.sealProof()).isEqualTo(5);
        assertThat(info.dealIds()).isEmpty();
        assertThat(info.unsealed()).isEqualTo(sector.commD());
        assertThat(info.sealed().isCommR()).isTrue();
        assertThat(info.sealed().commitment()[31] & 0xc0).isZero();
        assertThat(info.expiration()).isEqualTo(SealingWorld.HEAD - 900 + 3780 + 86_550 + 518_400)
                .isGreaterThan(piece.endEpoch().value());
        assertThat(sector.preCommit().landed().value()).isEqualTo(SealingWorld.HEAD);
        assertThat(sector.seed().epoch().value()).isEqualTo(SealingWorld.HEAD + SealingWorld.DELAY);
    }

    @Test
    void tellsTheMarketOfEachDealWhenItProvesASector() {
        SectorPiece first = world.hand(200);
        SectorPiece second = world.hand(400);
        world.run();
        var message = world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3).get(0).message();
        var params = ProveCommitSectors3Params.ofCbor(message.params().toArray());
        assertThat(message.value()).isEqualTo(TokenAmount.ofAtto(12 - 5)); // the deposit is the pledge's first part
        assertThat(params.isNotificationRequired()).isTrue();
        assertThat(params.sectors()).hasSize(1);
        assertThat(params.sectors().get(0).pieces()).satisfiesExactly(
                piece -> {
                    assertThat(piece.piece()).isEqualTo(first.pieceCid());
                    assertThat(piece.notifications().get(0).address()).isEqualTo(Methods.MARKET);
                    assertThat(piece.notifications().get(0).payload()).isEqualTo(Bytes.ofHex("01"));
                },
                piece -> {
                    assertThat(piece.piece()).isEqualTo(second.pieceCid());
                    assertThat(piece.notifications().get(0).payload()).isEqualTo(Bytes.ofHex("02"));
                });
    }

    @Test
    void doesNotSealAPieceWhoseCommitmentDiffersAndSealsTheOthers() {
        SectorPiece good = world.hand(200);
        SectorPiece bad = world.hand(400, SealingWorld.HEAD + 3000, 1);
        world.run();
        assertThat(world.piece(bad).sector()).isNull();
        assertThat(world.sectors.setbackOf(bad.proposalCid()).orElseThrow().reason()).contains("commitment")
                .contains(bad.pieceCid().toString());
        assertThat(world.sector(good).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).hasSize(1);
    }

    @Test
    void setsAPieceBackWhoseDataIsGone() throws Exception {
        SectorPiece piece = world.hand(200);
        Files.delete(Path.of(piece.file()));
        world.pass();
        assertThat(world.piece(piece).sector()).isNull();
        assertThat(world.sectors.setbackOf(piece.proposalCid()).orElseThrow().reason()).contains("gone")
                .contains(piece.file());
    }

    @Test
    void givesASectorUpWhoseDataIsLostTogetherWithADealsAndTriesTheOthersElsewhere() throws Exception {
        SectorPiece lost = world.hand(200);
        SectorPiece kept = world.hand(200);
        while (world.sectors.list(Set.of(), null, 1).isEmpty() || world.only().stage() != SectorStage.COMPUTING) {
            new SectorPacker(SealingWorld.MINER, world.tools()).pack();
            new PieceWriter(world.tools()).write();
        }
        Sector first = world.only();
        Files.delete(world.files.unsealed(SectorRef.of(first)));
        Files.delete(Path.of(lost.file()));
        world.run();
        assertThat(world.sectors.find(first.number()).orElseThrow().message()).contains("gone");
        assertThat(world.sector(kept).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.sectors.setbackOf(lost.proposalCid()).orElseThrow().reason()).contains("gone");
    }

    @Test
    void refusesAPieceThatComesTooLate() {
        SectorPiece late = world.hand(200, SealingWorld.HEAD + 479, 0);
        SectorPiece justInTime = world.hand(200, SealingWorld.HEAD + 480, 0);
        world.run();
        assertThat(world.piece(late).refusal()).contains("too late").contains(String.valueOf(SealingWorld.HEAD + 479));
        assertThat(world.piece(justInTime).sector()).isNotNull();
    }

    @Test
    void sendsAnotherPreCommitWhenOneFailsOnChain() {
        world.hand(200);
        world.exitCode = ExitCode.SYS_OUT_OF_GAS;
        while (world.sectors.list(Set.of(), null, 1).isEmpty()
                || !world.events(world.only().number()).contains(SectorEvent.PRE_COMMIT_FAILED)) {
            world.pass();
        }
        world.exitCode = 0;
        world.run();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2).size()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void givesASectorUpWhenTheChainNeverTakesIt() {
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 550, 0);
        world.exitCode = ExitCode.ILLEGAL_ARGUMENT;
        world.run();
        assertThat(world.sectors.count()).containsOnlyKeys(SectorState.UNKNOWN);
        assertThat(world.piece(piece).refusal()).contains("too late");
    }

    @Test
    void leavesASectorToAnOperatorWhenProvingItFailsForGood() {
        world.hand(200);
        while (world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2).isEmpty() || world.only().preCommit()
                .landed() == null) {
            world.pass();
        }
        world.exitCode = ExitCode.MINER_NOTIFICATION_REJECTED;
        world.run();
        Sector sector = world.only();
        assertThat(sector.turn().parked()).isTrue();
        assertThat(sector.state()).isEqualTo(SectorState.COMMIT_PHASE_2);
        assertThat(sector.waiting().lastError()).contains("1004");
        assertThat(world.events(sector.number()).stream().filter(event -> event == SectorEvent.PROVE_FAILED))
                .hasSize(3);
    }

    @Test
    void goesBackToTheSeedWhenAReorganisationChangesIt() {
        world.hand(200);
        while (world.sectors.count().getOrDefault(SectorState.COMMIT_PHASE_1, 0L) == 0) {
            world.pass();
            if (world.sectors.count().containsKey(SectorState.WAIT_SEED) && world.epoch == SealingWorld.HEAD + 16) {
                break;
            }
        }
        Sector waiting = world.only();
        assertThat(waiting.state()).isEqualTo(SectorState.WAIT_SEED);
        SealingTools tools = world.tools();
        Sector claimed = world.sectors.claim(SectorState.WAIT_SEED, null, 1, Duration.ofMinutes(1)).get(0);
        Sector seeded = world.sectors.advance(new WaitSeed(tools).look(claimed), SectorEvent.SEED_READY);
        world.chain.fork();
        world.run();
        assertThat(world.events(seeded.number())).contains(SectorEvent.SEED_CHANGED);
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
    }

    @Test
    void sealsAgainWhenTheDataIsLostAndComesToTheSameReplica() throws Exception {
        world.hand(200);
        while (world.sectors.list(Set.of(), null, 1).isEmpty() || world.only().state() != SectorState.WAIT_SEED) {
            world.pass();
        }
        Sector before = world.only();
        Files.delete(world.files.unsealed(SectorRef.of(before)));
        world.run();
        Sector after = world.only();
        assertThat(after.state()).isEqualTo(SectorState.PROVING);
        assertThat(after.redos()).isEqualTo(1);
        assertThat(after.commR()).isEqualTo(before.commR());
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).hasSize(1);
    }

    @Test
    void takesAnotherTicketWhenTheChainRefusesForSoLongThatTheFirstGrewOld() {
        world.hand(200, SealingWorld.HEAD + 20_000, 0);
        world.chain.refuseEstimates("the miner's balance is too low");
        world.pass();
        world.pass();
        assertThat(world.only().waiting().lastError()).contains("balance is too low");
        assertThat(world.messages.intents(10)).isEmpty(); // what does not work on chain is not written down
        world.epoch += 3780;
        world.chain.to(world.epoch);
        world.clock.forward(Duration.ofHours(1));
        world.pass();
        world.chain.refuseEstimates("");
        world.clock.forward(Duration.ofHours(1));
        world.run();
        assertThat(world.events(world.only().number())).contains(SectorEvent.TICKET_EXPIRED);
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.only().ticket().epoch().value()).isGreaterThan(SealingWorld.HEAD);
    }

    @Test
    void provesASectorWithoutADealThatTheMarketRefusesAlreadyWhenGasIsEstimated() {
        world.hand(200);
        world.chain.marketRefusesDeals();
        world.run();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.events(world.only().number())).containsOnlyOnce(SectorEvent.PROVE_FAILED);
        assertThat(world.messages.intents(10)).isEmpty();
    }

    @Test
    void waitsForACheaperHourWhenFeesAreAboveTheCap() {
        world.with(SealingConfig.standard().withWaitDealsDelay(Duration.ZERO)).withFeeCap(TokenAmount.ofAtto(1));
        world.chain.baseFee(100);
        world.hand(200);
        world.pass();
        world.pass();
        assertThat(world.only().state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_2);
        assertThat(world.only().waiting().lastError()).contains("sealing.fee.cap");
        assertThat(world.chain.pushed()).isEmpty();
    }

    @Test
    void seesASectorThatExpiredAndOneThatWasTerminated() {
        world.hand(2000);
        world.hand(2000);
        world.run();
        List<Sector> both = world.sectors.list(Set.of(), null, 10);
        world.chain.drop(both.get(0).number());
        passes(10);
        assertThat(world.sectors.find(both.get(0).number()).orElseThrow().message()).contains("terminated");
        assertThat(world.sectors.find(both.get(1).number()).orElseThrow().state()).isEqualTo(SectorState.PROVING);
        world.epoch = both.get(1).expiration().value();
        world.chain.to(world.epoch);
        world.chain.drop(both.get(1).number());
        passes(10);
        assertThat(world.events(both.get(1).number())).endsWith(SectorEvent.EXPIRED);
        assertThat(world.events(both.get(0).number())).endsWith(SectorEvent.TERMINATED);
    }

    @Test
    void waitsAndLosesNothingWhileTheChainIsAway() {
        world.hand(200);
        world.pass();
        world.chain.away(true);
        Sector claimed = world.sectors.claim(SectorState.PRE_COMMIT_PHASE_2, null, 1, Duration.ofMinutes(1)).get(0);
        assertThatThrownBy(() -> new PreCommitPhase2(world.tools()).run(claimed))
                .isInstanceOf(RetryableException.class);
        world.chain.away(false);
        world.clock.forward(Duration.ofMinutes(2));
        world.run();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.messages.live()).isEmpty();
        assertThat(world.messages.find("sector/" + SealingWorld.MINER + "/" + world.only().number() + "/pre-commit/0")
                .map(StoredMessage::status)).contains(StoredMessage.Status.LANDED);
    }

    private Sector until(SectorState state) {
        while (world.sectors.list(Set.of(), null, 1).isEmpty() || world.only().state() != state) {
            world.pass();
        }
        return world.only();
    }

    @Test
    void givesThePiecesOfASectorThatRanOutOfTimeToAnotherOne() {
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 3000, 0);
        Sector first = until(SectorState.PRE_COMMIT_PHASE_2);
        world.sectors.signal(first.number(), sector -> sector.withMessage("waited 7 d"), SectorEvent.FAILED);
        world.run();
        assertThat(world.sector(piece).number()).isNotEqualTo(first.number());
        assertThat(world.sector(piece).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.files.unsealed(SectorRef.of(first))).doesNotExist();
    }

    @Test
    void refusesThePiecesOfAFailedSectorWhenItIsTooLateForAnother() {
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 500, 0);
        Sector first = until(SectorState.WAIT_SEED);
        world.epoch = SealingWorld.HEAD + 100;
        world.chain.to(world.epoch);
        world.sectors.signal(first.number(), sector -> sector.withMessage("waited 7 d"), SectorEvent.FAILED);
        world.pass();
        assertThat(world.piece(piece).refusal()).contains("sector " + first.number() + " was given up").contains("waited 7 d");
    }

    @Test
    void givesAParkedSectorUpWhenNoOperatorComesAndItsPiecesToAnother() {
        SectorPiece piece = world.hand(200);
        world.chain.refuseEstimates("no");
        Sector first = until(SectorState.PRE_COMMIT_PHASE_2);
        world.sectors.park(world.sectors.find(first.number()).orElseThrow(), new IllegalStateException("a bug"));
        world.chain.refuseEstimates("");
        world.pass();
        assertThat(world.sectors.find(first.number()).orElseThrow().turn().parked()).isTrue();
        world.clock.forward(Duration.ofHours(2));
        passes(3);
        world.run();
        assertThat(world.sectors.find(first.number()).orElseThrow().message()).contains("no operator came in time")
                .contains("a bug");
        assertThat(world.sector(piece).state()).isEqualTo(SectorState.PROVING);
        assertThat(world.sector(piece).number()).isNotEqualTo(first.number());
    }

    @Test
    void notesAFaultAndItsRecovery() {
        world.hand(200);
        world.run();
        SectorNumber number = world.only().number();
        world.chain.fault(number, true);
        passes(2);
        assertThat(world.only().stage()).isEqualTo(SectorStage.FAULTY);
        world.chain.fault(number, false);
        passes(2);
        assertThat(world.only().stage()).isEqualTo(SectorStage.COMPUTING);
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.events(number)).endsWith(SectorEvent.FAULTED, SectorEvent.RECOVERED);
    }

    @Test
    void provesASectorAgainWhenAReorganisationTookItsProofAway() {
        world.hand(200);
        world.run();
        Sector proven = world.only();
        world.chain.unprove(proven.number());
        passes(12);
        assertThat(world.events(proven.number())).contains(SectorEvent.REVERTED);
        world.chain.proveAgain(proven.number());
        world.run();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
        assertThat(world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3)).hasSize(1);
    }

    @Test
    void tellsTheMarketNothingOfADealThatIsActiveElsewhere() {
        SectorPiece elsewhere = world.hand(200);
        world.hand(400);
        world.chain.deal(elsewhere.dealId(), new MarketDeal(DealFixture.terms(), SectorNumber.of(99), SealingWorld.HEAD, -1, -1));
        world.run();
        var message = world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3).get(0).message();
        assertThat(ProveCommitSectors3Params.ofCbor(message.params().toArray()).sectors().get(0).pieces())
                .extracting(piece -> piece.notifications().size()).containsExactly(0, 1);
    }

    @Test
    void provesASectorWithoutADealThatTheMarketRefuses() {
        world.hand(200);
        until(SectorState.WAIT_SEED);
        world.exitCode = ExitCode.MINER_NOTIFICATION_REJECTED;
        while (!world.events(world.only().number()).contains(SectorEvent.PROVE_FAILED)) {
            world.pass();
        }
        world.exitCode = 0;
        world.run();
        List<Boolean> required = world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3).stream()
                .map(signed -> ProveCommitSectors3Params.ofCbor(signed.message().params().toArray()).isNotificationRequired())
                .toList();
        assertThat(required.get(0)).isTrue();
        assertThat(required.get(required.size() - 1)).isFalse();
        assertThat(world.only().state()).isEqualTo(SectorState.PROVING);
    }

    private void passes(int count) {
        for (int i = 0; i < count; i++) {
            world.pass();
        }
    }
}
