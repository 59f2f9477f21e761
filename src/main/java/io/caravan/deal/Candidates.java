package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.market.AskBook;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.RejectedException;
import io.caravan.model.StorageAsk;

/** Lays a deal's proposal beside the chain's head and our own terms. */
final class Candidates {

    private final Chain chain;
    private final AskBook asks;
    private final FilAddress ours;

    Candidates(Chain chain, AskBook asks, FilAddress ours) {
        this.chain = chain;
        this.asks = asks;
        this.ours = ours;
    }

    Candidate of(Deal deal) {
        StorageAsk ask = asks.find(ours)
                .orElseThrow(() -> new RejectedException("V14 no-ask: this miner has set no price",
                "set one with set-ask")).ask();
        return new Candidate(deal.proposal(), deal.dataRef(), chain.head().epoch(), ours,
                chain.minerInfo(ours).sectorSize(), ask);
    }
}
