package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Purpose;

/** Seed step 5: is the money for the deal there, on both sides? States 20 and 22 of the provider. */
public final class ProviderFunds {

    private final Chain chain;
    private final FundReserver reserver;

    public ProviderFunds(Chain chain, FundReserver reserver) {
        this.chain = chain;
        this.reserver = reserver;
    }

    /** Reserves our collateral, after a last look at the client's escrow; calling it again changes nothing. */
    public Deal reserve(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        if (deal.funds().reserved().isZero()) {
            requireClientFunds(proposal);
        }
        return reserver.reserve(deal, Purpose.PROVIDER_COLLATERAL, proposal.provider(),
                chain.accountKey(chain.minerInfo(proposal.provider()).worker()), proposal.providerBalanceRequirement());
    }

    /** Looks whether our top-up has landed. */
    public Deal look(Deal deal) {
        return reserver.look(deal);
    }

    private void requireClientFunds(DealProposal proposal) {
        TokenAmount available = chain.marketBalance(proposal.client()).available();
        TokenAmount needed = proposal.clientBalanceRequirement();
        if (available.isLessThan(needed)) {
            throw new FatalException("the client's escrow holds " + available + " free, the deal costs " + needed);
        }
    }
}
