package io.caravan.deal;

import io.caravan.model.DealProposal;
import io.caravan.model.DataRef;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import org.jspecify.annotations.Nullable;

/**
 * A proposal under examination and what of our own it is measured against.
 *
 * @param head the chain's epoch when the examination began
 * @param ours our miner actor, ID form
 * @param sectorSize bytes, padded
 */
record Candidate(SignedProposal signed, @Nullable DataRef data, Epoch head, FilAddress ours, long sectorSize,
        StorageAsk ask) {

    DealProposal proposal() {
        return signed.proposal();
    }

    /** Whether the data comes by other means than the network. */
    boolean isOffline() {
        return data != null && data.transferType().equals(DataRef.MANUAL);
    }

    long duration() {
        return proposal().duration();
    }
}
