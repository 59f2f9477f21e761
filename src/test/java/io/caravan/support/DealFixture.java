package io.caravan.support;

import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Signer;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.model.Turn;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One client, one miner and the deals between them: really signed, and legal on {@link #chain()} unless a test changes
 * a term.
 */
public final class DealFixture {

    public static final long HEAD = 1000;
    public static final long START = 28_040;
    public static final long END = 548_433;
    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    public static final FilAddress MINER = FilAddress.ofId(1000);
    public static final FilAddress WORKER_ID = FilAddress.ofId(101);
    public static final FilAddress CLIENT_ID = FilAddress.ofId(1001);
    public static final String MINER_PEER = "12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X";

    private static final FilKey CLIENT = key(7);
    private static final FilKey WORKER = key(8);
    private static final Cid ROOT = Cid.rawSha256("payload".getBytes(StandardCharsets.US_ASCII));
    private static final Cid PIECE = Cid.commP(commitment());

    private DealFixture() {
    }

    private static FilKey key(int fill) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) fill);
        return FilKey.of(new KeyInfo(KeyType.SECP256K1, Bytes.wrap(secret)));
    }

    private static byte[] commitment() {
        byte[] commitment = new byte[32];
        commitment[0] = 42;
        return commitment;
    }

    public static FilAddress client() {
        return CLIENT.address();
    }

    public static FilAddress worker() {
        return WORKER.address();
    }

    /** Holds the client's and the worker's key. */
    public static Signer signer() {
        return (address, message) -> (address.equals(CLIENT.address()) ? CLIENT : WORKER).sign(message);
    }

    /** Knows both accounts and the miner; the client's escrow is rich. */
    public static FakeChain chain() {
        return FakeChain.at(HEAD).account(client(), CLIENT_ID).account(worker(), WORKER_ID)
                .escrow(client(), BigInteger.TEN.pow(18), BigInteger.ZERO)
                .miner(MINER, new MinerInfo(FilAddress.ofId(100), WORKER_ID, List.of(), MINER_PEER, List.of(), 5,
                2048));
    }

    /** The terms of a legal deal: 2 KiB for 953 attoFIL an epoch, the least of an ask of 5·10^8. */
    public static DealProposal terms() {
        return new DealProposal(PIECE, PaddedPieceSize.of(2048), false, client(), MINER, DealLabel.ofPayloadCid(ROOT),
                Epoch.of(START),
                Epoch.of(END), TokenAmount.ofAtto(953), TokenAmount.ZERO, TokenAmount.ZERO);
    }

    public static SignedProposal signed(DealProposal terms) {
        return new SignedProposal(terms, CLIENT.sign(terms.toCbor()));
    }

    public static Deal deal(Role role, DealState state, DealProposal terms) {
        SignedProposal proposal = signed(terms);
        Deal fresh = Deal.fresh(proposal.proposalCid(), role, proposal, DataRef.graphsync(ROOT), false, MINER_PEER,
                NOW);
        return new Deal(fresh.proposalCid(), role, state, 1, 1, proposal, fresh.dataRef(), false, fresh.peer(),
                fresh.transfer(),
                fresh.files(), fresh.funds(), fresh.chain(), fresh.remote(), null, Turn.at(NOW), fresh.waiting(), NOW,
                NOW, NOW);
    }

    public static Deal deal(Role role, DealState state) {
        return deal(role, state, terms());
    }

    /** A provider's deal whose terms a test has changed. */
    public static Deal proposed(UnaryOperator<DealProposal> change) {
        return deal(Role.PROVIDER, DealState.VALIDATING, change.apply(terms()));
    }
}
