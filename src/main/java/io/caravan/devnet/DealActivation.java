package io.caravan.devnet;

import io.caravan.chain.MarketDealState;
import io.caravan.chain.SectorContentChanged;
import io.caravan.chain.SectorContentChanged.PieceChange;
import io.caravan.chain.SectorContentChanged.SectorChanges;
import io.caravan.codec.CodecException;
import io.caravan.model.DealProposal;
import java.util.ArrayList;
import java.util.List;

/**
 * SectorContentChanged: what the market does when a miner proves a sector (chain-and-rpc §4.3). Each piece is judged
 * alone; a piece the market does not take changes nothing.
 */
final class DealActivation {

    private final Call call;
    private final long miner;

    DealActivation(Call call, long miner) {
        this.call = call;
        this.miner = miner;
    }

    /** Whether each piece of each sector was taken. */
    List<List<Boolean>> activate(SectorContentChanged changes) {
        return changes.sectors().stream().map(this::activate).toList();
    }

    private List<Boolean> activate(SectorChanges sector) {
        SectorKey key = new SectorKey(miner, sector.sector().value());
        List<Boolean> accepted = new ArrayList<>();
        for (PieceChange piece : sector.added()) {
            accepted.add(activate(key, sector.minimumCommitmentEpoch(), piece));
        }
        return accepted;
    }

    private boolean activate(SectorKey sector, long expiration, PieceChange piece) {
        Draft draft = call.draft();
        long id;
        try {
            id = MarketActor.dealId(piece.payload().toArray());
        } catch (CodecException e) {
            return refuse("the payload is not a deal id");
        }
        PublishedDeal deal = draft.find(Tables.DEALS, id).orElse(null);
        if (deal == null) {
            return refuse("deal " + id + " is not there");
        }
        DealProposal terms = deal.proposal();
        String reason = call.world().faults().isActivationRefused(id) ? "is refused by Devnet.RefuseActivation"
                : deal.provider() != miner ? "has another provider"
                : call.epoch() > terms.startEpoch().value() ? "should have started in epoch " + terms.startEpoch()
                : terms.endEpoch().value() > expiration ? "ends after its sector"
                : deal.state() != null ? "is active already"
                : !draft.state().table(Tables.PENDING).contains(deal.cid()) ? "is not pending"
                : !piece.piece().equals(terms.pieceCid()) ? "is about another piece"
                : !piece.size().equals(terms.pieceSize()) ? "is about a piece of another size" : null;
        if (reason != null) {
            return refuse("deal " + id + " " + reason);
        }
        PublishedDeal active = deal.withState(MarketDealState.activated(sector.number(), call.epoch()))
                .withoutAllocation();
        draft.put(Tables.DEALS, id, active);
        List<Long> ids = new ArrayList<>(draft.find(Tables.SECTOR_DEALS, sector).orElse(List.of()));
        ids.add(id);
        draft.put(Tables.SECTOR_DEALS, sector, List.copyOf(ids));
        call.journal().emit(MarketActor.event("deal-activated", id, active));
        return true;
    }

    private boolean refuse(String reason) {
        call.journal().note("the market did not activate: " + reason);
        return false;
    }
}
