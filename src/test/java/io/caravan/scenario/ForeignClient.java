package io.caravan.scenario;

import io.caravan.chain.Chain;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.PrivKey;
import io.caravan.deal.ChainSignatures;
import io.caravan.deal.MinerPeer;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Stream;
import io.caravan.market.AnswerVerifier;
import io.caravan.market.DealClient;
import io.caravan.market.DealStatusRequest;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.market.ProviderDealState;
import io.caravan.market.StatusClient;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Signature;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import io.caravan.model.TokenAmount;
import io.caravan.piece.CommPStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A client that is not our daemon: a libp2p host and a wallet with coins of their own, which speak to the miner of a
 * {@link World} whatever a test wants said. Proposals are judged by their signed answers; nothing else follows.
 */
final class ForeignClient implements AutoCloseable {

    private static final AtomicLong NUMBER = new AtomicLong(1);
    private static final Duration OPEN = Duration.ofSeconds(30);

    private final World world;
    private final FilKey key = FilKey.generate(KeyType.SECP256K1, new SecureRandom());
    private final Host host = Host.builder().key(PrivKey.generate(new SecureRandom())).clock(Clock.systemUTC()).agent("foreign").start();
    private final ChainSignatures signatures;

    /** With that many coins in the market's escrow. */
    ForeignClient(World world, TokenAmount escrow) {
        this.world = world;
        this.signatures = new ChainSignatures(world.chain().reads());
        world.chain().faucet(key.address(), TokenAmount.ofFil(1));
        if (!escrow.isZero()) {
            world.chain().fillEscrow(key.address(), escrow);
        }
    }

    FilAddress address() {
        return key.address();
    }

    FilKey key() {
        return key;
    }

    Host host() {
        return host;
    }

    /** Terms that the miner takes: a fresh piece of 2 KiB at the ask's price, the shortest deal, the usual collateral. */
    DealProposal terms() {
        return terms(PaddedPieceSize.of(2048));
    }

    /** The same for a piece of that padded size. */
    DealProposal terms(PaddedPieceSize size) {
        Chain chain = world.chain().reads();
        long start = chain.head().epoch().value() + World.START_AHEAD;
        StorageAsk ask = world.ask();
        Cid root = Cid.rawSha256(("payload " + NUMBER.get()).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return new DealProposal(freshPiece(), size, false, key.address(), world.minerAddress(), DealLabel.ofPayloadCid(root),
                Epoch.of(start), Epoch.of(start + World.DURATION), ask.price().timesRatio(size.bytes(), 1L << 30),
                chain.collateralBounds(size, false).clientProposes(), TokenAmount.ZERO);
    }

    /** The commitment of a piece that nobody has had. */
    static Cid freshPiece() {
        byte[] data = new byte[1000];
        new Random(NUMBER.getAndIncrement()).nextBytes(data);
        try (CommPStream commP = new CommPStream()) {
            commP.write(data);
            return commP.finish().commP();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SignedProposal signed(DealProposal terms) {
        return new SignedProposal(terms, key.sign(terms.toCbor()));
    }

    /** Proposes usual terms as changed, online. */
    ProposalResponse propose(UnaryOperator<DealProposal> change) {
        return propose(signed(change.apply(terms())));
    }

    /** Proposes as signed, online; the answer's signature is verified. */
    ProposalResponse propose(SignedProposal proposal) {
        return propose(message(proposal, DataRef.GRAPHSYNC));
    }

    /** Proposes an offline deal. */
    ProposalResponse proposeManual(SignedProposal proposal) {
        return propose(message(proposal, DataRef.MANUAL));
    }

    /** What goes over the wire for a proposal with data that comes that way. */
    static ProposalMessage message(SignedProposal proposal, String transferType) {
        Cid root = Cid.rawSha256(proposal.proposalCid().toBytes());
        DataRef data = new DataRef(transferType, root, proposal.proposal().pieceCid(), proposal.proposal().pieceSize().unpadded(), 0);
        return new ProposalMessage(data, proposal, false);
    }

    /** Proposes exactly that. */
    ProposalResponse propose(ProposalMessage message) {
        MinerPeer peer = peer();
        // The answer is verified against the worker of the proposal's provider, which a test may have made up.
        return new DealClient(host, new AnswerVerifier() {
            @Override
            public boolean isByWorker(FilAddress miner, Bytes signed, Signature signature) {
                return signatures.isByWorker(world.minerAddress(), signed, signature);
            }

            @Override
            public boolean isBy(FilAddress account, Bytes signed, Signature signature) {
                return signatures.isBy(account, signed, signature);
            }
        }, MarketDeadlines.DEFAULT).propose(peer.peer(), peer.addresses(), message).response();
    }

    /** Asks how a deal is, with our signature. */
    ProviderDealState status(Cid proposalCid) {
        return status(proposalCid, key.sign(DealStatusRequest.signedBytes(proposalCid).toArray()));
    }

    /** Asks with any signature. */
    ProviderDealState status(Cid proposalCid, Signature signature) {
        MinerPeer peer = peer();
        return new StatusClient(host, signatures, MarketDeadlines.DEFAULT)
                .query(peer.peer(), peer.addresses(), world.minerAddress(), proposalCid, signature);
    }

    /** Opens a stream of a protocol to the miner, for bytes that no message class would make. */
    Stream stream(String protocol) {
        MinerPeer peer = peer();
        return host.newStream(peer.peer(), peer.addresses(), List.of(protocol), OPEN);
    }

    /** Where the chain says the miner is. */
    MinerPeer peer() {
        return MinerPeer.of(world.chain().reads(), world.minerAddress());
    }

    @Override
    public void close() {
        host.close();
    }
}
