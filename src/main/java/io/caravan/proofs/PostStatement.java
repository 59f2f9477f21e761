package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.util.List;

/**
 * What a window proof claims: that the replicas of these sectors are still there.
 *
 * @param kind of the sectors; only their size matters
 * @param randomness 32 bytes, drawn shortly before the deadline opens
 * @param sectors in the order in which the proof has them
 */
public record PostStatement(PoRep kind, Bytes randomness, List<Sector> sectors) {

    /** @param commR commitment of the replica */
    public record Sector(long number, Cid commR) {
    }

    public PostStatement {
        sectors = List.copyOf(sectors);
        if (randomness.size() != PoRep.NODE) {
            throw new IllegalArgumentException("the randomness of a window proof is 32 bytes");
        }
    }
}
