package io.caravan.chain;

import io.caravan.codec.Cid;
import java.util.List;

/** The block CIDs of a tipset in ticket order; empty means the head. */
public record TipSetKey(List<Cid> cids) {

    public TipSetKey {
        cids = List.copyOf(cids);
    }
}
