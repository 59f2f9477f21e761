package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.PushDeals;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.nio.file.Path;
import java.util.Optional;

/** Which data the provider expects from whom, from the deals' committed rows. An offline deal expects none. */
public final class PushedDeals implements PushDeals {

    private final DealStore deals;

    public PushedDeals(DealStore deals) {
        this.deals = deals;
    }

    @Override
    public Optional<PushDeal> find(Cid proposalCid) {
        return deals.find(proposalCid, Role.PROVIDER).filter(deal -> deal.files().inbound() != null)
                .map(PushedDeals::expected);
    }

    private static PushDeal expected(Deal deal) {
        return new PushDeal(deal.proposalCid(), deal.dataRef().root(), PeerId.parse(deal.peer()), deal.state(),
                deal.proposal().proposal().pieceSize(), Path.of(String.valueOf(deal.files().inbound())));
    }
}
