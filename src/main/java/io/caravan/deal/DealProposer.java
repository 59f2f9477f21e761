package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.libp2p.Libp2pException;
import io.caravan.libp2p.Multiaddr;
import io.caravan.market.DealClient;
import io.caravan.market.MarketException;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.ContactStore;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Seed step 2: finds the miner, opens the stream and makes the offer. State 12 of the client. Proposing again makes no
 * second deal: the provider answers with the state of the first (deal-lifecycle §13).
 */
public final class DealProposer {

    /** Answers that the miner should not give, or not yet understand, are asked for again this many times. */
    private static final int MOST_BAD_ANSWERS = 3;
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Set<DealState> UNDECIDED =
            EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING, DealState.ACCEPT_WAIT);
    private static final Set<DealState> REFUSED =
            EnumSet.of(DealState.PROPOSAL_NOT_FOUND, DealState.PROPOSAL_REJECTED, DealState.REJECTING,
            DealState.FAILING, DealState.ERROR);

    private final Chain chain;
    private final Offer offer;
    private final Clock clock;

    /** How an offer travels; {@link DealClient#propose} in a node. */
    @FunctionalInterface
    public interface Offer {
        ProposalResponse propose(MinerPeer miner, ProposalMessage message);
    }

    /** @param contacts is told where each miner answered */
    public DealProposer(Chain chain, DealClient client, ContactStore contacts, Clock clock) {
        this(chain, (miner, message) -> {
            ProposalResponse answer = client.propose(miner.peer(), miner.addresses(), message).response();
            contacts.answered(message.proposal().proposal().provider(), miner.peer().toString(),
                    miner.addresses().stream().map(Multiaddr::toString).toList());
            return answer;
        }, clock);
    }

    DealProposer(Chain chain, Offer offer, Clock clock) {
        this.chain = chain;
        this.offer = offer;
        this.clock = clock;
    }

    /**
     * Proposes; waits for nothing once the provider accepted, or had accepted before. A refusal is fatal and keeps its
     * reason.
     */
    public Deal propose(Deal deal) {
        long head = chain.head().epoch().value();
        if (head > deal.proposal().proposal().startEpoch().value()) {
            throw new FatalException("the deal's start epoch has passed before the miner was reached (epoch " + head
                    + ")");
        }
        FilAddress provider = deal.proposal().proposal().provider();
        MinerPeer miner = MinerPeer.of(chain, provider);
        Deal addressed = deal.withPeer(miner.peer().toString());
        ProposalResponse answer = answer(addressed, miner);
        if (!answer.proposalCid().equals(deal.proposalCid())) {
            throw new FatalException("miner " + provider + " answered about another deal: " + answer.proposalCid());
        }
        if (REFUSED.contains(answer.state())) {
            throw new FatalException("miner " + provider + " refuses: "
                    + (answer.message().isEmpty() ? answer.state().label() : answer.message()));
        }
        Deal heard = addressed.withRemote(deal.remote().heard(answer.state(), answer.message(), miner.worker(), clock.instant()));
        return UNDECIDED.contains(answer.state())
                ? heard.waitingFor(WaitsOn.PEER, "miner " + provider + " to decide", clock.instant())
                .withRunAfter(clock.instant().plus(SOON))
                : heard.withWaiting(Waiting.NOTHING);
    }

    private ProposalResponse answer(Deal deal, MinerPeer miner) {
        ProposalMessage message = new ProposalMessage(deal.dataRef(), deal.proposal(), deal.fastRetrieval());
        try {
            return offer.propose(miner, message);
        } catch (Libp2pException e) {
            throw new RetryableException(WaitsOn.PEER, "miner " + deal.proposal().proposal().provider() + " is not reached: "
                    + e.getMessage(), e);
        } catch (MarketException e) {
            if (deal.turn().attempt() + 1 >= MOST_BAD_ANSWERS) {
                throw new FatalException(String.valueOf(e.getMessage()), e);
            }
            throw new RetryableException(WaitsOn.PEER, String.valueOf(e.getMessage()), e);
        }
    }
}
