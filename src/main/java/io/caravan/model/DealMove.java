package io.caravan.model;

import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a deal's history: an event and where it led. {@code from} equals {@code to} for an event that only was
 * written down or made the state run again.
 *
 * @param seq counts a deal's events from 1 without a gap
 * @param note the reason or detail in words; null when the event says it all
 * @param since when the deal came into {@code from}; only the writer says so, a line read from the history has null
 */
public record DealMove(Cid proposalCid, Role role, long seq, DealEvent event, DealState from, DealState to,
        @Nullable String note, Instant at, @Nullable Instant since) {

    /** One of which nobody says how long the deal was in {@code from}. */
    public DealMove(Cid proposalCid, Role role, long seq, DealEvent event, DealState from, DealState to,
            @Nullable String note, Instant at) {
        this(proposalCid, role, seq, event, from, to, note, at, null);
    }
}
