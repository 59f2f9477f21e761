package io.caravan.devnet;

import static io.caravan.devnet.World.MINER;
import static io.caravan.devnet.World.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.BitField;
import io.caravan.chain.DeclareFaultsParams;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SubmitWindowedPoStParams;
import io.caravan.codec.Bytes;
import io.caravan.model.DealProposal;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a miner owes for its sectors after they are proven, deadline by deadline. */
@Tag("compute")
class WindowPostsTest {

    private static final Bytes GOOD = Bytes.utf8("good");
    private static final SectorKey FIRST = new SectorKey(1000, 1);
    private static final SectorKey SECOND = new SectorKey(1000, 2);

    private final World world = World.funded();
    private PostCheck.Inputs asked;

    WindowPostsTest() {
        world.rules = world.rules.withProving(ProvingRules.ofPeriod(480));
        world.checks = new ProofChecks("test", SealCheck.PLACEHOLDER, (proof, inputs) -> {
            asked = inputs;
            return proof.equals(GOOD) ? Optional.empty() : Optional.of("path of leaf 7");
        });
    }

    @Test
    void asksForASectorFirstWhenTheDeadlineAfterTheNextOpens() {
        world.activate(1, world.published(one -> one));

        ProvingRules.Deadline now = world.rules.proving().at(world.epoch);
        assertThat(duty(FIRST)).isEqualTo(SectorDuty.of(now.index() + 2, 0));
        world.at(now.close() + world.rules.proving().window());
        assertThat(sector(FIRST).isFaulty()).isFalse();
    }

    @Test
    void fillsAPartitionBeforeItTakesAnotherDeadline() {
        sectors(3);

        assertThat(duty(SECOND).deadline()).isEqualTo(duty(FIRST).deadline());
        assertThat(duty(SECOND).partition()).isZero();
        assertThat(duty(new SectorKey(1000, 3)).deadline()).isNotEqualTo(duty(FIRST).deadline());
    }

    @Test
    void keepsSectorsThatAreProvenInTheirDeadlineEachPeriod() {
        twoSectors();
        for (int period = 0; period < 3; period++) {
            toDeadline();
            assertThat(submit(GOOD, BitField.EMPTY)).as("%s", world.notes).isZero();
            assertThat(asked.sectors()).extracting(PostCheck.Sector::number).containsExactly(1L, 2L);
            assertThat(asked.randomness()).isEqualTo(world.world().randomness()
                    .fromBeacon(4, world.rules.proving().at(world.epoch).challenge(), Bytes.wrap(MINER.toCbor())));
            assertThat(submit(GOOD, BitField.EMPTY)).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
            assertThat(world.notes).anyMatch(note -> note.contains("partition already proven: 0"));
            passDeadline();
            assertThat(sector(FIRST).isFaulty() || sector(SECOND).isFaulty()).isFalse();
        }
    }

    @Test
    void refusesAWrongProofWithItsFirstFailingCheck() {
        twoSectors();
        toDeadline();

        assertThat(submit(Bytes.utf8("bad"), BitField.EMPTY)).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).containsExactly("invalid window post: path of leaf 7 (exit 16)");
        assertThat(duty(FIRST).proven()).isEqualTo(-1);
    }

    @Test
    void takesAProofOnlyInItsDeadlineAndFromThisChain() {
        twoSectors();
        toDeadline();
        long deadline = duty(FIRST).deadline();
        assertRefused(params(deadline + 1, GOOD, BitField.EMPTY), "invalid deadline");
        SubmitWindowedPoStParams good = params(deadline, GOOD, BitField.EMPTY);
        assertRefused(new SubmitWindowedPoStParams(deadline, good.partitions(), good.proofs(), good.chainCommitEpoch(),
                Bytes.wrap(new byte[32])), "post commit randomness mismatched");
        assertRefused(new SubmitWindowedPoStParams(deadline, good.partitions(), good.proofs(), world.epoch,
                good.chainCommitRandomness()), "must be less than the current epoch");
        assertRefused(new SubmitWindowedPoStParams(deadline, good.partitions(),
                List.of(new SubmitWindowedPoStParams.Proof(11, GOOD)), good.chainCommitEpoch(),
                good.chainCommitRandomness()), "expected proof of type 10");
        assertRefused(new SubmitWindowedPoStParams(deadline,
                List.of(new SubmitWindowedPoStParams.Partition(1, BitField.EMPTY)), good.proofs(), good.chainCommitEpoch(),
                good.chainCommitRandomness()), "no such partition 1");
        assertRefused(params(deadline, GOOD, BitField.of(9)), "not all of these sectors");
        assertRefused(params(deadline, GOOD, BitField.of(1, 2)), "no active sectors");
    }

    @Test
    void makesASectorFaultyWhoseProofIsMissingAndTerminatesItAfterTheLimit() {
        long deal = twoSectors();
        world.rules = world.rules.withFaultMaxAge(3 * 480);
        long power = world.draft.totals().rawPower();
        toDeadline();
        passDeadline();
        assertThat(sector(FIRST).isFaulty()).isTrue();
        assertThat(world.draft.totals().rawPower()).isEqualTo(power - 2 * 2048);

        long since = sector(FIRST).faultySince();
        world.at(since + 3 * 480);
        assertThat(world.draft.find(Tables.SECTORS, FIRST)).isPresent();
        world.at(since + 3 * 480 + 1);
        assertThat(world.draft.find(Tables.SECTORS, FIRST)).isEmpty();
        assertThat(world.draft.find(Tables.DUTIES, FIRST)).isEmpty();
        assertThat(world.draft.find(Tables.DEALS, deal)).as("slashed").isEmpty();
    }

    @Test
    void makesASkippedSectorFaultyAndProvesTheOther() {
        twoSectors();
        toDeadline();
        assertThat(submit(GOOD, BitField.of(2))).isZero();

        assertThat(asked.sectors()).extracting(PostCheck.Sector::number).containsExactly(1L);
        assertThat(sector(FIRST).isFaulty()).isFalse();
        assertThat(sector(SECOND).isFaulty()).isTrue();
    }

    @Test
    void recoversADeclaredFaultByADeclarationAndTheNextProof() {
        twoSectors();
        assertThat(declare(Methods.MINER_DECLARE_FAULTS, 2)).as("%s", world.notes).isZero();
        assertThat(sector(SECOND).isFaulty()).isTrue();
        toDeadline();
        assertThat(submit(GOOD, BitField.EMPTY)).isZero();
        assertThat(asked.sectors()).extracting(PostCheck.Sector::number).containsExactly(1L);
        passDeadline();

        assertThat(declare(Methods.MINER_DECLARE_FAULTS_RECOVERED, 1)).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(declare(Methods.MINER_DECLARE_FAULTS_RECOVERED, 2)).as("%s", world.notes).isZero();
        assertThat(sector(SECOND).isFaulty()).as("until it is proven").isTrue();
        toDeadline();
        assertThat(submit(GOOD, BitField.EMPTY)).isZero();
        assertThat(asked.sectors()).extracting(PostCheck.Sector::number).containsExactly(1L, 2L);
        assertThat(sector(SECOND).isFaulty()).isFalse();
        passDeadline();
        assertThat(sector(SECOND).isFaulty()).isFalse();
    }

    @Test
    void forgetsAPromiseToRecoverThatIsNotKept() {
        twoSectors();
        declare(Methods.MINER_DECLARE_FAULTS, 2);
        declare(Methods.MINER_DECLARE_FAULTS_RECOVERED, 2);
        toDeadline();
        passDeadline();

        assertThat(duty(SECOND).isRecovering()).isFalse();
        assertThat(sector(SECOND).isFaulty()).isTrue();
    }

    @Test
    void takesNoDeclarationBehindTheCutOff() {
        twoSectors();
        ProvingRules.Deadline due = world.rules.proving().next(duty(FIRST).deadline(), world.epoch);
        world.at(due.cutoff());

        assertThat(declare(Methods.MINER_DECLARE_FAULTS, 1)).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).anyMatch(note -> note.contains("cut-off was epoch " + due.cutoff()));
    }

    @Test
    void doesNotHoldDeadlinesAgainstAMinerThatPassWhileTheChainJumps() {
        twoSectors();
        new Cron(world.rules).skip(world.draft, world.epoch + 100_000);
        world.epoch += 100_001;

        assertThat(sector(FIRST).isFaulty()).isFalse();
        toDeadline();
        passDeadline();
        assertThat(sector(FIRST).isFaulty()).as("with blocks again").isTrue();
    }

    @Test
    void asksNobodyOnAChainWithoutWindowProofs() {
        world.rules = world.rules.withProving(ProvingRules.mainnet());
        twoSectors();

        assertThat(world.draft.find(Tables.DUTIES, FIRST)).isEmpty();
        world.at(world.epoch + 10_000);
        assertThat(sector(FIRST).isFaulty()).isFalse();
    }

    private long twoSectors() {
        return sectors(2);
    }

    /** So many sectors, proven in one epoch, and the id of the first one's deal. */
    private long sectors(int count) {
        List<Long> deals = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            deals.add(published(number));
            assertThat(world.preCommit(World.sector(number, World.PIECE, world.epoch)).receipt().isOk()).isTrue();
        }
        world.at(world.epoch + world.rules.preCommitChallengeDelay() + 1);
        for (int number = 1; number <= count; number++) {
            assertThat(world.prove(ProveCommitSectors3Params.of(List.of(World.manifest(number, deals.get(number - 1))),
                    List.of(world.proof(number)))).receipt().isOk()).as("%s", world.notes).isTrue();
        }
        return deals.get(0);
    }

    private long published(int price) {
        return world.published(one -> new DealProposal(one.pieceCid(), one.pieceSize(), false, one.client(),
                one.provider(), one.label(), one.startEpoch(), one.endEpoch(), TokenAmount.ofAtto(price),
                one.providerCollateral(), one.clientCollateral()));
    }

    private void toDeadline() {
        ProvingRules.Deadline due = world.rules.proving().next(duty(FIRST).deadline(), world.epoch);
        world.at(due.open() + 3);
    }

    private void passDeadline() {
        world.at(world.rules.proving().at(world.epoch).close());
    }

    private SubmitWindowedPoStParams params(long deadline, Bytes proof, BitField skipped) {
        long at = world.epoch - 1;
        return new SubmitWindowedPoStParams(deadline, List.of(new SubmitWindowedPoStParams.Partition(0, skipped)),
                List.of(new SubmitWindowedPoStParams.Proof(10, proof)), at,
                world.world().randomness().fromTickets(9, at, Bytes.EMPTY));
    }

    private long submit(Bytes proof, BitField skipped) {
        return send(params(duty(FIRST).deadline(), proof, skipped));
    }

    private long send(SubmitWindowedPoStParams params) {
        return world.send(WORKER, MINER, TokenAmount.ZERO, Methods.MINER_SUBMIT_WINDOWED_POST, params.toCbor()).receipt()
                .exitCode();
    }

    private void assertRefused(SubmitWindowedPoStParams params, String reason) {
        assertThat(send(params)).as(reason).isNotZero();
        assertThat(world.notes).anyMatch(note -> note.contains(reason));
    }

    private long declare(long method, long number) {
        return world.send(WORKER, MINER, TokenAmount.ZERO, method, new DeclareFaultsParams(List.of(
                new DeclareFaultsParams.Declaration(duty(FIRST).deadline(), 0, BitField.of(number)))).toCbor()).receipt()
                .exitCode();
    }

    private SectorDuty duty(SectorKey key) {
        return world.draft.require(Tables.DUTIES, key);
    }

    private ProvenSector sector(SectorKey key) {
        return world.draft.require(Tables.SECTORS, key);
    }
}
