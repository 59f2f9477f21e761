package io.caravan.market;

import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.model.SignedAsk;
import java.util.List;

/** Asks miners for their ask and believes only what their worker signed (wire-protocols §5.4). */
public final class AskClient {

    private final Exchange exchange;
    private final AnswerVerifier verifier;
    private final MarketDeadlines deadlines;

    public AskClient(Host host, AnswerVerifier verifier, MarketDeadlines deadlines) {
        this.exchange = new Exchange(host, deadlines.open());
        this.verifier = verifier;
        this.deadlines = deadlines;
    }

    /**
     * The miner's present ask, its signature verified.
     *
     * @throws io.caravan.libp2p.Libp2pException if the peer cannot be reached, does not speak the protocol, or
     *         broke off
     * @throws MarketException if it has no ask for that miner, or answered with something else
     */
    public SignedAsk query(PeerId peer, List<Multiaddr> addresses, FilAddress miner) {
        SignedAsk ask = exchange.ask(peer, addresses, List.of(MarketProtocols.ASK), new AskRequest(miner).toCbor(),
                deadlines.ask(), AskResponse::ofCbor).ask();
        if (ask == null) {
            throw new MarketException("peer " + peer + " has no ask for " + miner);
        }
        if (!ask.ask().miner().equals(miner)) {
            throw new MarketException("peer " + peer + " answered with the ask of " + ask.ask().miner()
                    + " instead of " + miner);
        }
        if (ask.signedForms().stream().noneMatch(form -> verifier.isByWorker(miner, form, ask.signature()))) {
            throw new MarketException("the ask that peer " + peer + " gave is not signed by the worker of " + miner);
        }
        return ask;
    }
}
