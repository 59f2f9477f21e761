package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Signatures;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.ProtocolUnsupportedException;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamTimeoutException;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Signature;
import io.caravan.model.SignedAsk;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import io.caravan.model.TokenAmount;
import io.caravan.support.WireVectors;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ask, deal and status between a client and a miner that sign for real. */
class ShortProtocolsTest {

    private static final long SEED = 5;
    private static final FilAddress MINER_ACTOR = FilAddress.ofId(1000);
    private static final PeerId MINER = TransferWorld.MINER;
    private static final MarketDeadlines QUICK = new MarketDeadlines(Duration.ofSeconds(5), Duration.ofMillis(500),
            Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMillis(500));

    private final MemoryNetwork network = new MemoryNetwork();
    private final Host client = network.host(TransferWorld.CLIENT);
    private final Host miner = network.host(MINER);
    private final FilKey worker = FilKey.generate(KeyType.SECP256K1, new SecureRandom());
    private final FilKey wallet = FilKey.generate(KeyType.BLS, new SecureRandom());
    private final FilKey stranger = FilKey.generate(KeyType.SECP256K1, new SecureRandom());
    private final Map<Cid, DealStateBook.Entry> deals = new ConcurrentHashMap<>();
    private final AnswerVerifier verifier = new AnswerVerifier() {
        @Override
        public boolean isByWorker(FilAddress actor, Bytes signed, Signature signature) {
            return actor.equals(MINER_ACTOR) && isBy(worker.address(), signed, signature);
        }

        @Override
        public boolean isBy(FilAddress account, Bytes signed, Signature signature) {
            return Signatures.verify(signature, account, signed.toArray());
        }
    };
    private volatile FilKey signer = worker;
    private volatile Optional<ProposalResponse> decision = Optional.empty();

    @BeforeEach
    void serve() {
        AnswerSigner sign = message -> signer.sign(message.toArray());
        AskServer asks = new AskServer(actor -> actor.equals(MINER_ACTOR) ? Optional.of(ask()) : Optional.empty(),
                QUICK);
        DealServer proposals = new DealServer((peer, proposal) -> decision, sign, QUICK);
        StatusServer states = new StatusServer(cid -> Optional.ofNullable(deals.get(cid)), verifier, sign, QUICK);
        miner.setHandler(MarketProtocols.ASK, asks::serve);
        miner.setHandler(MarketProtocols.DEAL, proposals::serve);
        miner.setHandler(MarketProtocols.DEAL_TEXT_LABEL, proposals::serve);
        miner.setHandler(MarketProtocols.STATUS, states::serve);
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void bringsTheAskThatTheWorkerSigned() {
        assertThat(query(MINER_ACTOR).ask()).isEqualTo(ask().ask());
    }

    @Test
    void takesAnAskSignedInTheOrderOfOlderPeers() {
        miner.setHandler(MarketProtocols.ASK, new AskServer(actor -> {
            StorageAsk ask = ask().ask();
            return Optional.of(new SignedAsk(ask, worker.sign(ask.toCborDeclared())));
        }, QUICK)::serve);
        assertThat(query(MINER_ACTOR).ask()).isEqualTo(ask().ask());
    }

    @Test
    void refusesAnAskThatSomebodyElseSigned() {
        signer = stranger;
        assertThatThrownBy(() -> query(MINER_ACTOR)).isInstanceOf(MarketException.class)
                .hasMessageContaining("not signed by");
    }

    @Test
    void saysSoWhenThePeerHasNoAskForThatMiner() {
        assertThatThrownBy(() -> query(FilAddress.ofId(1001))).isInstanceOf(MarketException.class)
                .hasMessageContaining("has no ask for f01001");
    }

    @Test
    void refusesTheAskOfAnotherMiner() {
        miner.setHandler(MarketProtocols.ASK, new AskServer(actor -> Optional.of(ask()), QUICK)::serve);
        assertThatThrownBy(() -> query(FilAddress.ofId(1001))).isInstanceOf(MarketException.class)
                .hasMessageContaining("instead of f01001");
    }

    @Test
    void givesUpOnAPeerThatDoesNotAnswer() {
        miner.setHandler(MarketProtocols.ASK, stream -> stream.in().readAllBytes());
        assertThatThrownBy(() -> query(MINER_ACTOR)).isInstanceOf(StreamTimeoutException.class);
    }

    @Test
    void saysSoWhenThePeerClosesWithoutAnAnswer() {
        miner.setHandler(MarketProtocols.ASK, Stream::close);
        assertThatThrownBy(() -> query(MINER_ACTOR)).isInstanceOf(MarketException.class)
                .hasMessageContaining("without an answer");
    }

    @Test
    void saysSoWhenTheAnswerIsGarbage() {
        miner.setHandler(MarketProtocols.ASK, stream -> stream.out()
                .write(new byte[] {(byte) 0xa1, 0x63, 0x41, 0x73, 0x6b, 0}));
        assertThatThrownBy(() -> query(MINER_ACTOR)).isInstanceOf(MarketException.class)
                .hasMessageContaining("what is no answer");
    }

    @Test
    void bringsTheDecisionThatTheWorkerSigned() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        decision = Optional.of(new ProposalResponse(DealState.WAITING_FOR_DATA, "", proposal.proposalCid(), null));
        assertThat(propose(proposal).response()).isEqualTo(decision.get());
        assertThat(propose(proposal).response().isAccepted()).isTrue();
    }

    @Test
    void bringsTheReasonOfARefusal() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        decision = Optional.of(new ProposalResponse(DealState.FAILING, "too cheap", proposal.proposalCid(), null));
        assertThat(propose(proposal).response().isAccepted()).isFalse();
        assertThat(propose(proposal).response().message()).isEqualTo("too cheap");
    }

    @Test
    void refusesADecisionThatSomebodyElseSigned() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        decision = Optional.of(new ProposalResponse(DealState.WAITING_FOR_DATA, "", proposal.proposalCid(), null));
        signer = stranger;
        assertThatThrownBy(() -> propose(proposal)).isInstanceOf(MarketException.class)
                .hasMessageContaining("not signed by");
    }

    @Test
    void saysSoWhenTheDeskGivesNoAnswer() {
        assertThatThrownBy(() -> propose(proposal(DealLabel.ofText("label")))).isInstanceOf(MarketException.class)
                .hasMessageContaining("without an answer");
    }

    @Test
    void offersALabelOfBytesOnlyWhereItIsUnderstood() {
        miner.removeHandler(MarketProtocols.DEAL);
        ProposalMessage proposal = proposal(DealLabel.ofBytes(Bytes.ofHex("cafe")));
        assertThatThrownBy(() -> propose(proposal)).isInstanceOf(ProtocolUnsupportedException.class);
        decision = Optional.of(new ProposalResponse(DealState.WAITING_FOR_DATA, "", proposal.proposalCid(), null));
        assertThat(propose(proposal(DealLabel.ofText("label"))).response().isAccepted()).isTrue();
    }

    @Test
    void tellsTheStateToTheClientOfTheDeal() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        ProviderDealState state = new ProviderDealState(DealState.SEALING, "", proposal.proposal().proposal(),
                proposal.proposalCid(), null, Cid.ofBytes(WireVectors.bytes("cid.publish")), 42, true);
        deals.put(proposal.proposalCid(), new DealStateBook.Entry(wallet.address(), state));
        assertThat(status(proposal.proposalCid(), wallet)).isEqualTo(state);
    }

    @Test
    void tellsNobodyElse() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        deals.put(proposal.proposalCid(), new DealStateBook.Entry(wallet.address(),
                new ProviderDealState(DealState.SEALING, "", null, proposal.proposalCid(), null, null, 42, true)));
        ProviderDealState answer = status(proposal.proposalCid(), stranger);
        assertThat(answer.isAnswer()).isFalse();
        assertThat(answer.message()).isEqualTo("internal error");
    }

    @Test
    void saysThatADealIsUnknownInSignedWords() {
        assertThat(status(TransferWorld.PROPOSAL, wallet).isUnknownProposal()).isTrue();
    }

    @Test
    void handsOnAStateOfAnotherDealForTheCallerToJudge() {
        ProposalMessage proposal = proposal(DealLabel.ofText("label"));
        deals.put(TransferWorld.PROPOSAL, new DealStateBook.Entry(wallet.address(),
                new ProviderDealState(DealState.SEALING, "", null, proposal.proposalCid(), null, null, 42, true)));
        assertThat(status(TransferWorld.PROPOSAL, wallet).proposalCid()).isNotNull().isNotEqualTo(TransferWorld.PROPOSAL);
    }

    @Test
    @DisplayName("S134 a state that another key signed is no answer")
    void refusesAStateThatSomebodyElseSigned() {
        signer = stranger;
        assertThatThrownBy(() -> status(TransferWorld.PROPOSAL, wallet)).isInstanceOf(MarketException.class)
                .hasMessageContaining("not signed by");
    }

    @Test
    void survivesCutAndRandomBytesOnEveryProtocol() throws IOException {
        Random random = new Random(SEED);
        for (String protocol : List.of(MarketProtocols.ASK, MarketProtocols.DEAL, MarketProtocols.STATUS)) {
            byte[] sound = switch (protocol) {
                case MarketProtocols.ASK -> new AskRequest(MINER_ACTOR).toCbor();
                case MarketProtocols.DEAL -> proposal(DealLabel.ofText("label")).toCbor();
                default -> WireVectors.bytes("status110.req");
            };
            for (int cut = 0; cut < sound.length; cut++) {
                send(protocol, Arrays.copyOf(sound, cut));
            }
            for (int round = 0; round < 50; round++) {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                send(protocol, noise);
            }
        }
        assertThat(query(MINER_ACTOR).ask()).as("seed %d", SEED).isEqualTo(ask().ask());
    }

    private void send(String protocol, byte[] bytes) throws IOException {
        try (Stream stream = client.newStream(MINER, List.of(), protocol)) {
            stream.out().write(bytes);
        }
    }

    private SignedAsk query(FilAddress actor) {
        return new AskClient(client, verifier, QUICK).query(MINER, List.of(), actor);
    }

    private SignedResponse propose(ProposalMessage proposal) {
        return new DealClient(client, verifier, QUICK).propose(MINER, List.of(), proposal);
    }

    private ProviderDealState status(Cid proposalCid, FilKey key) {
        Signature signature = key.sign(DealStatusRequest.signedBytes(proposalCid).toArray());
        return new StatusClient(client, verifier, QUICK).query(MINER, List.of(), MINER_ACTOR, proposalCid, signature);
    }

    private SignedAsk ask() {
        StorageAsk ask = new StorageAsk(TokenAmount.ofAtto(BigInteger.TEN), TokenAmount.ZERO, PaddedPieceSize.of(256),
                PaddedPieceSize.of(1 << 20), MINER_ACTOR, Epoch.of(1), Epoch.of(1000), 3);
        return new SignedAsk(ask, signer.sign(ask.toCbor()));
    }

    private ProposalMessage proposal(DealLabel label) {
        DealProposal deal = new DealProposal(Cid.ofBytes(WireVectors.bytes("cid.piece")), PaddedPieceSize.of(512),
                false, wallet.address(),
                MINER_ACTOR, label, Epoch.of(100), Epoch.of(600_000), TokenAmount.ZERO, TokenAmount.ZERO,
                TokenAmount.ZERO);
        SignedProposal signed = new SignedProposal(deal, wallet.sign(deal.toCbor()));
        return new ProposalMessage(DataRef.graphsync(Cid.ofBytes(WireVectors.bytes("cid.root"))), signed, true);
    }
}
