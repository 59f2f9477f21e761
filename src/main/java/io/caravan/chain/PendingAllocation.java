package io.caravan.chain;

import io.caravan.chain.PieceActivationManifest.AllocationKey;
import io.caravan.model.Epoch;

/**
 * Datacap that was set aside for a published verified deal and that no sector has claimed yet (chain-and-rpc §4.3).
 *
 * @param termMin least epochs that the sector must live on from the claim
 * @param termMax most epochs of that
 * @param expiration last epoch in which it can be claimed
 */
public record PendingAllocation(AllocationKey key, long termMin, long termMax, Epoch expiration) {

    /** Whether a sector that ends then may claim it in the next epochs; a claim that may not fails its whole message. */
    public boolean fits(Epoch head, Epoch sectorEnd) {
        long term = sectorEnd.since(head);
        return head.isBefore(expiration) && term > termMin && term <= termMax;
    }
}
