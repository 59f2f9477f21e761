package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.DevnetProof;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestDevnet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A chain state without blocks, database or network: messages run on it one by one at whatever epoch a test says. */
final class World {

    static final FilKey OWNER = TestDevnet.OWNER;
    static final FilKey WORKER = TestDevnet.WORKER;
    static final FilKey CLIENT = TestDevnet.CLIENT;
    static final FilKey BLS_CLIENT = TestDevnet.BLS_CLIENT;
    static final FilAddress MINER = TestDevnet.MINER;
    static final Cid PIECE = Cid.commP(filled(0x11));
    static final TokenAmount PRICE = TokenAmount.ofAtto(500);
    static final TokenAmount COLLATERAL = TokenAmount.ofAtto(1_000_000_000);
    static final long START = 1000;
    static final long END = START + 518_400;

    private static final Randomness FIXED = new Randomness() {
        @Override
        public Bytes ticket(long epoch) {
            return Bytes.utf8("ticket " + epoch);
        }

        @Override
        public Bytes beacon(long epoch) {
            return Bytes.utf8("beacon " + epoch);
        }
    };

    final Faults faults = new Faults();
    final Draft draft;
    Rules rules = Rules.mainnet();
    ProofChecks checks = ProofChecks.PLACEHOLDER;
    long epoch = 100;
    List<String> notes = List.of();
    List<Event> events = List.of();

    World() {
        TokenAmount coins = TokenAmount.ofFil(1000);
        draft = GenesisMaker.make(DevnetConfig.Genesis.standard().withSectorSize(2048)
                .withAccounts(Map.of(CLIENT.address(), coins, BLS_CLIENT.address(), coins)), OWNER.address(),
                WORKER.address());
    }

    /** With 10 FIL of each client and the provider in escrow. */
    static World funded() {
        World world = new World();
        world.addBalance(CLIENT, CLIENT.address());
        world.addBalance(BLS_CLIENT, BLS_CLIENT.address());
        world.addBalance(WORKER, MINER);
        return world;
    }

    private void addBalance(FilKey from, FilAddress to) {
        assertThat(send(from, Methods.MARKET, TokenAmount.ofFil(10), Methods.MARKET_ADD_BALANCE,
                new AddBalanceParams(to).toCbor()).receipt().exitCode()).isZero();
    }

    /** Runs a message now; every invariant holds afterwards. */
    Vm.Outcome send(FilKey from, FilAddress to, TokenAmount value, long method, byte[] params) {
        long nonce = draft.state().actor(from.address()).orElseThrow().nonce();
        Message message = Message.of(from.address(), to, value, method, Bytes.of(params)).withNonce(nonce)
                .withGas(Gas.BLOCK_LIMIT / 2, TokenAmount.ofAtto(100), TokenAmount.ZERO);
        Vm.Outcome outcome = new Vm(world(), epoch, GenesisMaker.MINER).apply(message);
        Invariants.check(draft.state());
        notes = outcome.notes();
        events = outcome.events();
        return outcome;
    }

    Call.World world() {
        return new Call.World(draft, rules, FIXED, checks, faults);
    }

    /** Lets time pass, cron with it. */
    void at(long next) {
        new Cron(rules).run(draft, next - 1);
        epoch = next;
        Invariants.check(draft.state());
    }

    static DealProposal proposal() {
        return new DealProposal(PIECE, PaddedPieceSize.of(2048), false, CLIENT.address(), MINER,
                DealLabel.ofText("mAXASIA"),
                Epoch.of(START), Epoch.of(END), PRICE, COLLATERAL, TokenAmount.ofAtto(77));
    }

    static SignedProposal signed(DealProposal proposal) {
        return signed(proposal, CLIENT);
    }

    static SignedProposal signed(DealProposal proposal, FilKey key) {
        return new SignedProposal(proposal, key.sign(proposal.toCbor()));
    }

    Vm.Outcome publish(SignedProposal... deals) {
        return send(WORKER, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_PUBLISH_STORAGE_DEALS,
                new PublishStorageDealsParams(List.of(deals)).toCbor());
    }

    /** Publishes one good deal and answers its id. */
    long published(UnaryOperator<DealProposal> change) {
        Vm.Outcome outcome = publish(signed(change.apply(proposal())));
        assertThat(outcome.receipt().exitCode()).as("%s", outcome.notes()).isZero();
        return PublishStorageDealsReturn.ofCbor(outcome.receipt().returned().toArray()).ids().get(0);
    }

    static SectorPreCommitInfo sector(long number, Cid unsealed, long now) {
        return new SectorPreCommitInfo(5, SectorNumber.of(number), Cid.commR(new byte[32]), now - 50, List.of(),
                now + Rules.mainnet().maxProveCommitDuration() + 600_000, unsealed);
    }

    Vm.Outcome preCommit(SectorPreCommitInfo... sectors) {
        return send(WORKER, MINER, TokenAmount.ZERO, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2,
                new PreCommitSectorBatch2Params(List.of(sectors)).toCbor());
    }

    /** The right proof for a pre-committed sector. */
    Bytes proof(long number) {
        PreCommit preCommit = draft.require(Tables.PRE_COMMITS, new SectorKey(1000, number));
        Bytes entropy = Bytes.wrap(MINER.toCbor());
        return DevnetProof.of(new DevnetProof.Inputs(MINER, 5, SectorNumber.of(number), preCommit.info().sealed(),
                preCommit.info().unsealed() == null ? CommD.zero(2048) : preCommit.info().unsealed(),
                FIXED.fromTickets(Randomness.SEAL, preCommit.info().sealRandEpoch(), entropy),
                FIXED.fromBeacon(Randomness.SEED, preCommit.epoch() + rules.preCommitChallengeDelay(), entropy)));
    }

    Vm.Outcome prove(ProveCommitSectors3Params params) {
        return send(WORKER, MINER, TokenAmount.ZERO, Methods.MINER_PROVE_COMMIT_SECTORS3, params.toCbor());
    }

    static SectorActivationManifest manifest(long number, long dealId) {
        return new SectorActivationManifest(SectorNumber.of(number),
                List.of(PieceActivationManifest.ofDeal(PIECE, PaddedPieceSize.of(2048), dealId)));
    }

    /** Takes a published 2 KiB deal into a sector of its own, to Active. */
    void activate(long number, long dealId) {
        assertThat(preCommit(sector(number, PIECE, epoch)).receipt().exitCode()).as("%s", notes).isZero();
        at(epoch + rules.preCommitChallengeDelay() + 1);
        Vm.Outcome proven = prove(ProveCommitSectors3Params.of(List.of(manifest(number, dealId)),
                List.of(proof(number))));
        assertThat(proven.receipt().exitCode()).as("%s", notes).isZero();
    }

    Escrow escrow(FilAddress address) {
        return draft.state().escrow(draft.state().idOf(address).orElseThrow());
    }

    TokenAmount balance(FilAddress address) {
        return draft.state().actor(address).orElseThrow().balance();
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
