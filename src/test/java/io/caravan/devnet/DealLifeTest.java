package io.caravan.devnet;

import static io.caravan.devnet.World.CLIENT;
import static io.caravan.devnet.World.COLLATERAL;
import static io.caravan.devnet.World.END;
import static io.caravan.devnet.World.MINER;
import static io.caravan.devnet.World.PIECE;
import static io.caravan.devnet.World.PRICE;
import static io.caravan.devnet.World.START;
import static io.caravan.devnet.World.WORKER;
import static io.caravan.devnet.World.manifest;
import static io.caravan.devnet.World.sector;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.AmountReturn;
import io.caravan.chain.BatchReturn;
import io.caravan.chain.BitField;
import io.caravan.chain.DevnetProof;
import io.caravan.chain.ExitCode;
import io.caravan.chain.MarketDealState;
import io.caravan.chain.Methods;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.chain.SettleDealPaymentsReturn;
import io.caravan.chain.TerminateSectorsParams;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A deal from published to its end, money to the atto. */
class DealLifeTest {

    private static final TokenAmount TEN = TokenAmount.ofFil(10);
    private static final TokenAmount CLIENT_COLLATERAL = TokenAmount.ofAtto(77);
    private static final TokenAmount FEE = PRICE.times(END - START);

    private final World world = World.funded();

    @Test
    void becomesActiveWhenItsSectorIsProven() {
        long deal = world.published(one -> one);
        world.activate(1, deal);

        MarketDealState state = world.draft.require(Tables.DEALS, deal).state();
        assertThat(state).isEqualTo(new MarketDealState(1, world.epoch, -1, -1));
        ProvenSector sector = world.draft.require(Tables.SECTORS, new SectorKey(1000, 1));
        assertThat(sector.activation()).isEqualTo(world.epoch);
        assertThat(world.draft.totals().rawPower()).isEqualTo(2048);
        assertThat(world.draft.require(Tables.MINERS, 1000L).deposits()).isEqualTo(TokenAmount.ZERO);
        assertThat(world.draft.require(Tables.MINERS, 1000L).pledge()).isEqualTo(world.rules.initialPledge());
        assertThat(world.events).anySatisfy(event ->
                assertThat(event.entries().get(0).value().base64()).isEqualTo("bmRlYWwtYWN0aXZhdGVk"));
    }

    @Test
    void paysTheProviderForElapsedEpochsAndEndsOnSettlement() {
        long deal = world.published(one -> one);
        world.activate(1, deal);
        assertThat(settle(deal).settlements()).containsExactly(
                new SettleDealPaymentsReturn.Settlement(TokenAmount.ZERO, false));

        world.at(START + 10);
        assertThat(settle(deal).settlements()).containsExactly(
                new SettleDealPaymentsReturn.Settlement(PRICE.times(10), false));
        assertThat(world.escrow(MINER).escrow()).isEqualTo(TEN.plus(PRICE.times(10)));
        world.at(START + 25);
        assertThat(settle(deal).settlements().get(0).payment()).isEqualTo(PRICE.times(15));
        assertThat(world.escrow(CLIENT.address()).locked()).isEqualTo(FEE.minus(PRICE.times(25))
                .plus(CLIENT_COLLATERAL));

        world.at(END + 5);
        assertThat(world.draft.find(Tables.DEALS, deal)).as("nothing ends by itself").isPresent();
        assertThat(settle(deal).settlements()).containsExactly(
                new SettleDealPaymentsReturn.Settlement(FEE.minus(PRICE.times(25)), true));
        assertThat(world.draft.find(Tables.DEALS, deal)).isEmpty();
        assertThat(world.escrow(CLIENT.address())).isEqualTo(new Escrow(TEN.minus(FEE), TokenAmount.ZERO));
        assertThat(world.escrow(MINER)).isEqualTo(new Escrow(TEN.plus(FEE), TokenAmount.ZERO));
        assertThat(settle(deal).results().failures()).containsExactly(new BatchReturn.Failure(0,
                ExitCode.MARKET_DEAL_EXPIRED));
    }

    @Test
    void burnsTheCollateralOfADealThatMissedItsStart() {
        long deal = world.published(one -> one);
        TokenAmount burnt = world.balance(Methods.BURNT);
        long look = world.rules.nextUpdate(deal, START);
        world.at(look);
        assertThat(world.draft.find(Tables.DEALS, deal)).isPresent();
        world.at(look + 1);

        assertThat(world.draft.find(Tables.DEALS, deal)).isEmpty();
        assertThat(world.draft.state().table(Tables.PENDING).size()).isZero();
        assertThat(world.escrow(CLIENT.address())).isEqualTo(new Escrow(TEN, TokenAmount.ZERO));
        assertThat(world.escrow(MINER)).isEqualTo(new Escrow(TEN.minus(COLLATERAL), TokenAmount.ZERO));
        assertThat(world.balance(Methods.BURNT)).isEqualTo(burnt.plus(COLLATERAL));
    }

    @Test
    void endsADealThatMissedItsStartWhenSomebodySettlesIt() {
        long deal = world.published(one -> one);
        world.at(START);

        assertThat(settle(deal).results().failures()).containsExactly(new BatchReturn.Failure(0,
                ExitCode.MARKET_DEAL_EXPIRED));
        assertThat(world.escrow(MINER)).isEqualTo(new Escrow(TEN.minus(COLLATERAL), TokenAmount.ZERO));
    }

    @Test
    void cannotBeActivatedAfterItsStart() {
        long deal = world.published(one -> one);
        world.at(START - 5);
        world.preCommit(sector(1, PIECE, world.epoch));
        world.at(START + 6);
        Vm.Outcome outcome = world.prove(ProveCommitSectors3Params.of(List.of(manifest(1, deal)),
                List.of(world.proof(1))));

        assertThat(outcome.receipt().exitCode()).isEqualTo(ExitCode.MINER_NOTIFICATION_REJECTED);
        assertThat(world.draft.state().table(Tables.SECTORS).size()).isZero();

        ProveCommitSectors3Params lenient = new ProveCommitSectors3Params(List.of(manifest(1, deal)),
                List.of(world.proof(1)),
                Bytes.EMPTY, null, true, false);
        assertThat(world.prove(lenient).receipt().exitCode()).isZero();
        assertThat(world.draft.state().table(Tables.SECTORS).size()).isEqualTo(1);
        assertThat(world.draft.require(Tables.DEALS, deal).state()).isNull();
    }

    @Test
    void slashesADealWithItsSector() {
        long deal = world.published(one -> one);
        world.activate(1, deal);
        world.at(START + 100);
        TokenAmount burnt = world.balance(Methods.BURNT);
        Vm.Outcome outcome = world.send(WORKER, MINER, TokenAmount.ZERO, Methods.MINER_TERMINATE_SECTORS,
                new TerminateSectorsParams(List.of(new TerminateSectorsParams.Termination(0, 0, BitField.of(1))))
                .toCbor());

        assertThat(outcome.receipt().exitCode()).as("%s", world.notes).isZero();
        assertThat(outcome.receipt().returned().hex()).isEqualTo("81f5");
        assertThat(world.draft.find(Tables.DEALS, deal)).isEmpty();
        assertThat(world.escrow(CLIENT.address())).isEqualTo(new Escrow(TEN.minus(PRICE.times(100)), TokenAmount.ZERO));
        assertThat(world.escrow(MINER)).isEqualTo(new Escrow(TEN.minus(COLLATERAL).plus(PRICE.times(100)),
                TokenAmount.ZERO));
        TokenAmount gas = TokenAmount.ofAtto(100).times(outcome.receipt().gasUsed());
        assertThat(world.balance(Methods.BURNT)).isEqualTo(burnt.plus(COLLATERAL).plus(gas)
                .plus(world.rules.initialPledge().timesRatio(85, 1000)));
        assertThat(world.draft.totals().rawPower()).isZero();
        assertThat(world.events).anySatisfy(event ->
                assertThat(event.entries().get(0).value().base64()).isEqualTo("b2RlYWwtdGVybWluYXRlZA=="));
    }

    @Test
    void withdrawsOnlyWhatIsNotLocked() {
        world.published(one -> one);
        Vm.Outcome outcome = world.send(CLIENT, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_WITHDRAW_BALANCE,
                new WithdrawBalanceParams(CLIENT.address(), TokenAmount.ofFil(99)).toCbor());
        assertThat(AmountReturn.ofCbor(outcome.receipt().returned().toArray()).amount())
                .isEqualTo(TEN.minus(FEE).minus(CLIENT_COLLATERAL));
        assertThat(world.escrow(CLIENT.address()).available()).isEqualTo(TokenAmount.ZERO);

        TokenAmount owner = world.balance(World.OWNER.address());
        world.send(WORKER, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_WITHDRAW_BALANCE,
                new WithdrawBalanceParams(MINER, TokenAmount.ofFil(1)).toCbor());
        assertThat(world.balance(World.OWNER.address())).isEqualTo(owner.plus(TokenAmount.ofFil(1)));
        assertThat(world.send(CLIENT, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_WITHDRAW_BALANCE,
                new WithdrawBalanceParams(MINER, TokenAmount.ofFil(1)).toCbor()).receipt().exitCode())
                .isEqualTo(ExitCode.FORBIDDEN);
    }

    @Test
    void refusesProofsOfAnythingElse() {
        long deal = world.published(one -> one);
        world.preCommit(sector(1, PIECE, world.epoch));
        assertThat(prove(manifest(1, deal), world.proof(1))).as("too early").isEqualTo(ExitCode.FORBIDDEN);
        world.at(world.epoch + world.rules.preCommitChallengeDelay());
        assertThat(prove(manifest(1, deal), world.proof(1))).as("one epoch too early").isEqualTo(ExitCode.FORBIDDEN);
        world.at(world.epoch + 1);

        assertThat(prove(manifest(1, deal), Bytes.wrap(new byte[DevnetProof.SIZE])))
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(prove(manifest(2, deal), world.proof(1))).as("not pre-committed").isEqualTo(ExitCode.NOT_FOUND);
        SectorActivationManifest otherPiece = new SectorActivationManifest(SectorNumber.of(1), List.of(
                PieceActivationManifest.ofDeal(Cid.commP(World.filled(0x12)), PaddedPieceSize.of(2048), deal)));
        assertThat(prove(otherPiece, world.proof(1))).as("CommD").isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(prove(new SectorActivationManifest(SectorNumber.of(1), List.of()), world.proof(1))).as("CommD")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(prove(manifest(1, deal), world.proof(1))).isZero();
        assertThat(prove(manifest(1, deal), Bytes.EMPTY)).as("proven already").isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void activatesPartOfABatchWhereThatIsAllowed() {
        long first = world.published(one -> one);
        world.preCommit(sector(1, PIECE, world.epoch), sector(2, null, world.epoch));
        world.at(world.epoch + 11);
        ProveCommitSectors3Params params = new ProveCommitSectors3Params(List.of(manifest(1, first),
                new SectorActivationManifest(SectorNumber.of(2), List.of())),
                List.of(Bytes.ofHex("00"), world.proof(2)),
                Bytes.EMPTY, null, false, true);
        Vm.Outcome outcome = world.prove(params);

        assertThat(outcome.receipt().exitCode()).isZero();
        assertThat(BatchReturn.ofCbor(outcome.receipt().returned().toArray()))
                .isEqualTo(new BatchReturn(1, List.of(new BatchReturn.Failure(0, ExitCode.ILLEGAL_ARGUMENT))));
        assertThat(world.draft.find(Tables.PRE_COMMITS, new SectorKey(1000, 1))).isPresent();
        assertThat(world.draft.find(Tables.SECTORS, new SectorKey(1000, 2))).isPresent();
    }

    @Test
    void checksPreCommits() {
        long now = world.epoch;
        SectorPreCommitInfo good = sector(1, PIECE, now);
        assertThat(preCommit(good, good)).as("twice in a batch").isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(good, 8, now - 50, good.expiration()))).as("32 GiB")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(good, 0, now - 50, good.expiration()))).as("V1")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(good, 5, now, good.expiration()))).as("ticket of now")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(good, 5, now - 3781, good.expiration()))).as("old ticket")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(good, 5, -800, good.expiration()))).as("young chain").isZero();
        assertThat(preCommit(good)).as("number used").isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        SectorPreCommitInfo second = sector(2, PIECE, now);
        long least = now + world.rules.maxProveCommitDuration() + 518_400;
        assertThat(preCommit(change(second, 5, now - 50, least - 1))).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(second, 5, now - 50, now + 3_680_641))).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.send(CLIENT, MINER, TokenAmount.ZERO, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2,
                new byte[] {(byte) 0x81,
            (byte) 0x80}).receipt().exitCode()).isIn(ExitCode.FORBIDDEN, ExitCode.ILLEGAL_ARGUMENT);
        assertThat(preCommit(change(second, 5, now - 50, least))).isZero();
    }

    @Test
    void needsADepositForEveryPreCommit() {
        TokenAmount all = MinerActor.available(world.draft, 1000);
        byte[] withdraw = new io.caravan.codec.CborWriter().array(1)
                .bigInt(all.minus(world.rules.preCommitDeposit()).plus(TokenAmount.ofAtto(1)).atto()).toByteArray();
        assertThat(world.send(World.OWNER, MINER, TokenAmount.ZERO, Methods.MINER_WITHDRAW_BALANCE, withdraw).receipt()
                .exitCode())
                .isZero();
        assertThat(preCommit(sector(1, null, world.epoch))).isEqualTo(ExitCode.INSUFFICIENT_FUNDS);
        world.send(WORKER, MINER, TokenAmount.ofAtto(1), 0, new byte[0]);
        assertThat(preCommit(sector(1, null, world.epoch))).isZero();
    }

    @Test
    void burnsTheDepositOfAPreCommitNeverProven() {
        world.preCommit(sector(1, null, world.epoch));
        TokenAmount miner = world.balance(MINER);
        long cleanUp = world.epoch + world.rules.maxProveCommitDuration() + world.rules.cleanUpDelay();
        world.at(cleanUp + 1);

        assertThat(world.draft.find(Tables.PRE_COMMITS, new SectorKey(1000, 1))).isEmpty();
        assertThat(world.balance(MINER)).isEqualTo(miner.minus(world.rules.preCommitDeposit()));
        assertThat(preCommit(sector(1, null, world.epoch))).as("the number stays used")
                .isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
    }

    @Test
    void letsASectorExpireOnTimeAndItsDealsBeSettledLater() {
        long deal = world.published(one -> one);
        world.activate(1, deal);
        long expiration = world.draft.require(Tables.SECTORS, new SectorKey(1000, 1)).expiration();
        world.at(expiration + 1);

        assertThat(world.draft.find(Tables.SECTORS, new SectorKey(1000, 1))).isEmpty();
        assertThat(world.draft.require(Tables.MINERS, 1000L).pledge()).isEqualTo(TokenAmount.ZERO);
        assertThat(settle(deal).settlements().get(0).isCompleted()).isTrue();
    }

    @Test
    void terminatesASectorFaultyTooLong() {
        long deal = world.published(one -> one);
        world.activate(1, deal);
        world.at(START + 1);
        new SectorEnd(world.draft, world.rules, world.epoch, new Journal(Long.MAX_VALUE)).fault(new SectorKey(1000, 1));
        assertThat(world.draft.totals().rawPower()).isZero();
        world.at(world.epoch + world.rules.faultMaxAge());
        assertThat(world.draft.find(Tables.DEALS, deal)).isPresent();
        world.at(world.epoch + 1);
        assertThat(world.draft.find(Tables.DEALS, deal)).isEmpty();
        assertThat(world.draft.find(Tables.SECTORS, new SectorKey(1000, 1))).isEmpty();
    }

    @Test
    void changesWhatAMinerSaysOfItself() {
        byte[] peer = new io.caravan.chain.ChangePeerIdParams(Bytes.ofHex("0102")).toCbor();
        assertThat(world.send(WORKER, MINER, TokenAmount.ZERO, 4, peer).receipt().exitCode()).isZero();
        assertThat(world.send(CLIENT, MINER, TokenAmount.ZERO, 4, peer).receipt().exitCode())
                .isEqualTo(ExitCode.FORBIDDEN);
        assertThat(world.send(WORKER, MINER, TokenAmount.ZERO, 18,
                new io.caravan.chain.ChangeMultiaddrsParams(List.of(Bytes.ofHex("04"))).toCbor()).receipt().exitCode())
                .isZero();
        assertThat(world.draft.require(Tables.MINERS, 1000L).peerId()).isEqualTo(Bytes.ofHex("0102"));
        assertThat(world.draft.require(Tables.MINERS, 1000L).multiaddrs()).containsExactly(Bytes.ofHex("04"));
    }

    @Test
    void failsWithExit21OnParametersCutAnywhere() {
        byte[] preCommit = new PreCommitSectorBatch2Params(List.of(sector(1, PIECE, world.epoch))).toCbor();
        byte[] prove = ProveCommitSectors3Params.of(List.of(manifest(1, 7)), List.of(Bytes.ofHex("0102"))).toCbor();
        cutEverywhere(MINER, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2, preCommit);
        cutEverywhere(MINER, Methods.MINER_PROVE_COMMIT_SECTORS3, prove);
        cutEverywhere(MINER, Methods.MINER_TERMINATE_SECTORS,
                new TerminateSectorsParams(List.of(new TerminateSectorsParams.Termination(0, 0, BitField.of(1))))
                .toCbor());
        cutEverywhere(Methods.MARKET, Methods.MARKET_WITHDRAW_BALANCE,
                new WithdrawBalanceParams(MINER, TokenAmount.ofFil(1)).toCbor());
        cutEverywhere(Methods.MARKET, Methods.MARKET_SETTLE_DEAL_PAYMENTS, BitField.of(3, 9, 1000).toCbor());
    }

    private void cutEverywhere(FilAddress to, long method, byte[] params) {
        for (int length = 0; length < params.length; length++) {
            assertThat(world.send(WORKER, to, TokenAmount.ZERO, method, Arrays.copyOf(params, length)).receipt()
                    .exitCode()).as("method %d cut at byte %d", method, length).isEqualTo(ExitCode.SERIALIZATION);
        }
    }

    private SettleDealPaymentsReturn settle(long deal) {
        Vm.Outcome outcome = world.send(World.BLS_CLIENT, Methods.MARKET, TokenAmount.ZERO,
                Methods.MARKET_SETTLE_DEAL_PAYMENTS,
                BitField.of(deal).toCbor());
        assertThat(outcome.receipt().exitCode()).as("%s", world.notes).isZero();
        return SettleDealPaymentsReturn.ofCbor(outcome.receipt().returned().toArray());
    }

    private long prove(SectorActivationManifest manifest, Bytes proof) {
        return world.prove(ProveCommitSectors3Params.of(List.of(manifest), List.of(proof))).receipt().exitCode();
    }

    private long preCommit(SectorPreCommitInfo... sectors) {
        return world.preCommit(sectors).receipt().exitCode();
    }

    private static SectorPreCommitInfo change(SectorPreCommitInfo info, long proof, long ticket, long expiration) {
        return new SectorPreCommitInfo(proof, info.sector(), info.sealed(), ticket, List.of(), expiration,
                info.unsealed());
    }
}
