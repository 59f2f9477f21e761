package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.market.DealStateBook;
import io.caravan.market.ProviderDealState;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.util.Optional;

/** What a deal's client may learn of it, from its committed row (deal-lifecycle §11.1). */
public final class ProviderDealStates implements DealStateBook {

    private final DealStore deals;

    public ProviderDealStates(DealStore deals) {
        this.deals = deals;
    }

    @Override
    public Optional<Entry> find(Cid proposalCid) {
        return deals.find(proposalCid, Role.PROVIDER).map(ProviderDealStates::entry);
    }

    private static Entry entry(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        Long dealId = deal.chain().dealId();
        return new Entry(proposal.client(),
                new ProviderDealState(deal.state(), PeerWords.of(deal.message()),
                proposal, deal.proposalCid(), deal.funds().addFundsCid(), deal.chain().publishCid(),
                dealId == null ? 0 : dealId, deal.fastRetrieval()));
    }
}
