package io.caravan.chain;

import io.caravan.model.DealProposal;
import io.caravan.model.SectorNumber;

/**
 * A deal as the market actor holds it. The proposal's client and provider are ID addresses, whatever the client signed.
 *
 * @param sectorStart epoch of activation, −1 before it
 * @param lastUpdated epoch of the last settlement, −1 before it
 * @param slashed epoch of termination, −1 without one
 */
public record MarketDeal(DealProposal proposal, SectorNumber sector, long sectorStart, long lastUpdated, long slashed) {

    /** Whether the deal's sector is proven and the deal not slashed (deal-lifecycle §10.5). */
    public boolean isActive() {
        return sectorStart >= 0 && slashed < 0;
    }
}
