package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;

/**
 * The public inputs of a seal proof: what the chain checks a proof against.
 *
 * @param commD commitment of the data
 * @param commR commitment of the replica
 * @param ticket 32 bytes, drawn before sealing
 * @param seed 32 bytes, drawn after the pre-commit
 */
public record SealInputs(SectorRef sector, Cid commD, Cid commR, Bytes ticket, Bytes seed) {

    /** What the sector's files must hold. */
    Replica replica() {
        return new Replica(sector, ticket, commD, commR);
    }
}
