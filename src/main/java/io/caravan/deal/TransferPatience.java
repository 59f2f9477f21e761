package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long a deal's data may stand still (deal-lifecycle §6.3). It counts from the last byte, a moment that the
 * transfer's row holds, so that neither a restart of a side nor one of the transfer begins it anew.
 *
 * @param idle the longest time without a byte; asked at each look
 */
public record TransferPatience(Supplier<Duration> idle) {

    /** The deal with its deadline. */
    Deal limit(Deal deal, Transfer transfer) {
        return deal.withDeadline(transfer.pace().progressAt().plus(idle.get()));
    }
}
