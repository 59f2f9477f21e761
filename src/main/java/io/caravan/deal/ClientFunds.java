package io.caravan.deal;

import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.store.FundStore.Purpose;

/** The client's money for a deal, in the market before the miner is asked. States 21 and 23 of the client. */
public final class ClientFunds {

    private final FundReserver reserver;

    public ClientFunds(FundReserver reserver) {
        this.reserver = reserver;
    }

    /** Reserves fee and collateral; calling it again changes nothing. */
    public Deal reserve(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        return reserver.reserve(deal, Purpose.CLIENT_PAYMENT, proposal.client(), proposal.client(),
                proposal.clientBalanceRequirement());
    }

    /** Looks whether our top-up has landed. */
    public Deal look(Deal deal) {
        return reserver.look(deal);
    }
}
