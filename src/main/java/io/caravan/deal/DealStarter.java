package io.caravan.deal;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import io.caravan.store.DealStore.Insertion;
import java.time.Clock;

/** Starts a deal: proposal built and signed, row stored and opened in one transaction. The routes do the rest. */
public final class DealStarter {

    private final ProposalBuilder builder;
    private final DealStore deals;
    private final Clock clock;

    public DealStarter(ProposalBuilder builder, DealStore deals, Clock clock) {
        this.builder = builder;
        this.deals = deals;
        this.clock = clock;
    }

    /**
     * Starts the deal; its proposal CID is what the caller follows it by.
     *
     * @throws DealRefusedException saying what is wrong with the request, or that this very deal exists
     */
    public Deal start(DealRequest request) {
        ProposalBuilder.Draft draft = builder.build(request);
        Deal fresh = Deal.fresh(draft.proposal().proposalCid(), Role.CLIENT, draft.proposal(), draft.data(),
                request.fastRetrieval(), "", clock.instant());
        Insertion stored = deals.insert(fresh, DealEvent.OPEN);
        if (!stored.isNew()) {
            throw new DealRefusedException("the same deal exists already: " + fresh.proposalCid());
        }
        return stored.deal();
    }
}
