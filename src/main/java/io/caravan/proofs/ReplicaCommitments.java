package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;

/** What sealing commits to: the chain gets CommR; the roots under it stay with the sector. */
public record ReplicaCommitments(Bytes commC, Bytes commRLast) {

    private static final int BYTES = 2 * PoRep.NODE;

    public Cid commR() {
        return Cid.commR(Commitments.commR(commC, commRLast).toArray());
    }

    /** The file {@code p_aux}: one root behind the other. */
    Bytes toBytes() {
        return Bytes.concat(commC, commRLast);
    }

    static ReplicaCommitments ofBytes(Bytes pAux) {
        if (pAux.size() != BYTES) {
            throw new WrongFileException("p_aux has " + pAux.size() + " bytes, not " + BYTES);
        }
        return new ReplicaCommitments(pAux.slice(0, PoRep.NODE), pAux.slice(PoRep.NODE, BYTES));
    }
}
