package io.caravan.market;

import io.caravan.codec.CodecException;
import io.caravan.model.DealState;

/** Deal states as numbers on the wire. */
final class States {

    private States() {
    }

    static DealState ofCode(long code) {
        try {
            return DealState.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new CodecException("a peer speaks of a state that is none: " + code, e);
        }
    }
}
