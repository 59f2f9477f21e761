package io.caravan.deal;

import io.caravan.model.Deal;
import io.caravan.model.Waiting;
import io.caravan.store.FundStore.Purpose;

/**
 * After a failure: gives back what the client holds for a deal. State 11 of the client. The imported file is the user's
 * and stays.
 */
public final class ClientCleaner {

    private final FundReserver funds;

    public ClientCleaner(FundReserver funds) {
        this.funds = funds;
    }

    /** Releases the deal's money; calling it again does no harm. */
    public Deal fail(Deal deal) {
        return funds.release(deal, Purpose.CLIENT_PAYMENT).withWaiting(Waiting.NOTHING);
    }
}
