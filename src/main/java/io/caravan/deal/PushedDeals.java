package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.PushDeals;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Which data the provider expects from whom, from the deals' committed rows. An offline deal expects none. */
public final class PushedDeals implements PushDeals {

    private static final Set<DealState> UNDECIDED =
            EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING, DealState.ACCEPT_WAIT);

    private final DealStore deals;

    public PushedDeals(DealStore deals) {
        this.deals = deals;
    }

    @Override
    public Optional<PushDeal> find(Cid proposalCid) {
        return deals.find(proposalCid, Role.PROVIDER).filter(deal -> deal.files().inbound() != null)
                .map(PushedDeals::expected);
    }

    @Override
    public Optional<PushDeal> awaitDecided(Cid proposalCid, Duration longest) {
        deals.await(proposalCid, Role.PROVIDER, deal -> !UNDECIDED.contains(deal.state()), longest);
        return find(proposalCid);
    }

    private static PushDeal expected(Deal deal) {
        long declared = deal.dataRef().rawBlockSize();
        boolean isPossible = declared > 0 && declared <= deal.proposal().proposal().pieceSize().unpadded().bytes();
        return new PushDeal(deal.proposalCid(), deal.dataRef().root(), PeerId.parse(deal.peer()), deal.state(),
                deal.proposal().proposal().pieceSize(), Path.of(String.valueOf(deal.files().inbound())),
                isPossible ? declared : null);
    }
}
