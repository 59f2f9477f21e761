package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.Flow.Effect;
import io.caravan.store.DealStore;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a deal's history what its transfer goes through while the deal stays where it is: that it stalled, that
 * it goes on, that another channel took over. What was written is told from the deal's own columns, so each is written
 * once. A deal is noted last in a phase, as it comes back at a later version.
 */
public final class TransferNotes {

    private static final String STALLED = "the data transfer has stalled";

    /** How an event is fired at a deal that the phase holds. */
    @FunctionalInterface
    interface Fire {
        Deal at(Deal deal, DealEvent event);
    }

    private final Fire fire;

    public TransferNotes(DealStore deals) {
        this((deal, event) -> deals.advance(deal, event));
    }

    TransferNotes(Fire fire) {
        this.fire = fire;
    }

    /** The deal with its channel, and with one line more in its history if there is news. */
    Deal note(Deal deal, Transfer transfer) {
        String before = deal.transfer().channel();
        Deal known = deal.withTransfer(new Deal.Transfer(transfer.channel().id(), transfer.channel().toString()));
        if (before != null && !before.equals(transfer.channel().toString())) {
            known = noted(known, DealEvent.DATA_TRANSFER_INITIATED);
        }
        boolean isStalled = transfer.status() == TransferStatus.STALLED;
        boolean wasStalled = isStallNote(known.message());
        if (isStalled && !wasStalled) {
            return noted(known.withMessage(STALLED + (transfer.error() == null ? "" : ": " + transfer.error())),
                    DealEvent.DATA_TRANSFER_STALLED);
        }
        return wasStalled && hasMovedOn(transfer)
                ? noted(known.withMessage(null), DealEvent.DATA_TRANSFER_RESTARTED) : known;
    }

    /** A client that asked again is not yet one that moves. */
    private static boolean hasMovedOn(Transfer transfer) {
        return transfer.status() != TransferStatus.STALLED && transfer.status() != TransferStatus.REQUESTED;
    }

    private static boolean isStallNote(@Nullable String message) {
        return message != null && message.startsWith(STALLED);
    }

    private Deal noted(Deal deal, DealEvent event) {
        boolean isRecord = DealFlow.of(deal.role()).step(deal.state(), event)
                .filter(step -> step.effect() == Effect.RECORD).isPresent();
        return isRecord ? fire.at(deal, event) : deal;
    }
}
