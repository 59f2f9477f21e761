package io.caravan.store;

import io.caravan.model.Deal;

/**
 * What has to change together with a deal's moves. It runs in the transaction of each move, after the row and its
 * history are written and before the commit: what it writes stays or goes with the move, and what it throws undoes the
 * move. It only reads and writes rows there; it never calls out.
 */
@FunctionalInterface
public interface DealRider {

    /**
     * The deal has moved.
     *
     * @param was the deal before its events
     * @param is the deal as it is stored now; its state may be the same
     */
    void moved(Deal was, Deal is);
}
