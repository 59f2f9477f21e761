package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import java.util.List;

/** Asks providers how our deals are and believes only what the miner's worker signed. */
public final class StatusClient {

    private final Exchange exchange;
    private final AnswerVerifier verifier;
    private final MarketDeadlines deadlines;

    public StatusClient(Host host, AnswerVerifier verifier, MarketDeadlines deadlines) {
        this.exchange = new Exchange(host, deadlines.open());
        this.verifier = verifier;
        this.deadlines = deadlines;
    }

    /**
     * The provider's view of a deal, its signature verified; which deal it speaks of is for the caller to check. A state for which {@link ProviderDealState#isAnswer()} is
     * false is the provider's failure to answer and says nothing of the deal (deal-lifecycle §11.2).
     *
     * @param signature by the proposal's client over {@link DealStatusRequest#signedBytes}
     * @throws io.caravan.libp2p.Libp2pException if the peer cannot be reached, does not speak the protocol, or
     *         broke off
     * @throws MarketException if the answer is none, or is not signed by the miner's worker
     */
    public ProviderDealState query(PeerId peer, List<Multiaddr> addresses, FilAddress miner, Cid proposalCid,
            Signature signature) {
        DealStatusResponse answer = exchange.ask(peer, addresses, List.of(MarketProtocols.STATUS),
                new DealStatusRequest(proposalCid, signature).toCbor(), deadlines.status(), DealStatusResponse::ofCbor);
        if (answer.signedForms().stream().noneMatch(form -> verifier.isByWorker(miner, form, answer.signature()))) {
            throw new MarketException("the status that peer " + peer + " gave is not signed by the worker of " + miner);
        }
        return answer.state();
    }
}
