package io.caravan.market;

import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import java.util.List;

/**
 * Proposes deals. Proposing the same deal again makes no second one: the provider answers with the first one's state.
 */
public final class DealClient {

    private final Exchange exchange;
    private final AnswerVerifier verifier;
    private final MarketDeadlines deadlines;

    public DealClient(Host host, AnswerVerifier verifier, MarketDeadlines deadlines) {
        this.exchange = new Exchange(host, deadlines.open());
        this.verifier = verifier;
        this.deadlines = deadlines;
    }

    /**
     * Sends the proposal and waits for the provider's decision, at most {@link MarketDeadlines#decision()}. The
     * answer's signature is verified against the worker of the proposal's provider; what it says is for the caller to
     * judge.
     *
     * @throws io.caravan.libp2p.Libp2pException if the peer cannot be reached, does not speak the protocol, broke off,
     *         or did not decide in time
     * @throws MarketException if it closed without an answer, or answered with something else
     */
    public SignedResponse propose(PeerId peer, List<Multiaddr> addresses, ProposalMessage proposal) {
        FilAddress miner = proposal.proposal().proposal().provider();
        SignedResponse answer = exchange.ask(peer, addresses, protocols(proposal), proposal.toCbor(),
                deadlines.decision(), SignedResponse::ofCbor);
        Signature signature = answer.signature();
        if (signature == null
                || answer.signedForms().stream().noneMatch(form -> verifier.isByWorker(miner, form, signature))) {
            throw new MarketException("the answer of peer " + peer + " to the proposal " + proposal.proposalCid()
                    + " is not signed by the worker of " + miner);
        }
        return answer;
    }

    private static List<String> protocols(ProposalMessage proposal) {
        return proposal.proposal().proposal().label().isText() ? MarketProtocols.DEAL_PREFERENCE
                : List.of(MarketProtocols.DEAL);
    }
}
