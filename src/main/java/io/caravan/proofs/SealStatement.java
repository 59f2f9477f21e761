package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import java.util.List;

/**
 * What a proof of a sealed sector claims: the public inputs that prover and verifier must share.
 *
 * @param miner an ID address
 * @param commD commitment of the data
 * @param commR commitment of the replica
 * @param ticket 32 bytes, drawn before sealing
 * @param seed 32 bytes, drawn after the pre-commit
 */
public record SealStatement(PoRep kind, FilAddress miner, long sector, Cid commD, Cid commR, Bytes ticket, Bytes seed) {

    public SealStatement {
        if (ticket.size() != PoRep.NODE || seed.size() != PoRep.NODE) {
            throw new IllegalArgumentException("ticket and seed are 32 bytes");
        }
    }

    Bytes replicaId() {
        return kind.replicaId(miner, sector, ticket, commD);
    }

    List<Integer> challenges() {
        return Challenges.ofSeal(kind, replicaId(), seed);
    }
}
