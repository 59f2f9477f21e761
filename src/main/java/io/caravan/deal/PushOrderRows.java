package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Cid;
import io.caravan.market.PushOrders;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.piece.BlockSource;
import io.caravan.store.DealStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the client has to push where, from the deals' committed rows, the chain's word on the miner and the imported
 * files.
 */
public final class PushOrderRows implements PushOrders {

    private final DealStore deals;
    private final Chain chain;
    private final Imports imports;

    public PushOrderRows(DealStore deals, Chain chain, Imports imports) {
        this.deals = deals;
        this.chain = chain;
        this.imports = imports;
    }

    @Override
    public Optional<PushOrder> find(Cid proposalCid) {
        return deals.find(proposalCid, Role.CLIENT).map(this::order);
    }

    private PushOrder order(Deal deal) {
        MinerPeer miner = MinerPeer.of(chain, deal.proposal().proposal().provider());
        return new PushOrder(deal.proposalCid(), miner.peer(), miner.addresses(), deal.dataRef().root(),
                carBytes(deal.dataRef().root()));
    }

    /** Only progress wants it: a file that is gone is told when it is opened. */
    private @Nullable Long carBytes(Cid root) {
        try {
            return imports.commitment(root).payloadBytes();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public BlockSource open(PushOrder order) throws IOException {
        return imports.open(order.payloadCid());
    }
}
