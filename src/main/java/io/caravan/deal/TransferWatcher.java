package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import java.time.Clock;
import java.util.Optional;

/**
 * The provider's look at how the data comes in. States 18, 17 and 27; the transfer itself runs in the market's
 * sessions.
 */
public final class TransferWatcher {

    private final TransferJournal journal;
    private final Clock clock;

    public TransferWatcher(TransferJournal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /** Waits for nothing once the client has opened a channel. */
    public Deal lookStart(Deal deal) {
        return find(deal).map(transfer -> known(deal, transfer))
                .orElseGet(() -> deal.waitingFor("the client to send the data", clock.instant()));
    }

    /** Waits for nothing once every byte is here. */
    public Deal look(Deal deal) {
        Transfer transfer = find(deal).orElse(null);
        if (transfer == null) {
            return deal.waitingFor("the client to send the data", clock.instant());
        }
        return transfer.status() == TransferStatus.COMPLETED ? known(deal, transfer)
                : known(deal, transfer).waitingFor(progress(transfer), clock.instant());
    }

    /** Waits for nothing once the client has taken the transfer up again, or it was complete before we went down. */
    public Deal lookRestart(Deal deal) {
        Transfer transfer = find(deal).orElse(null);
        boolean isBack = transfer != null && (transfer.status() == TransferStatus.COMPLETED
                || transfer.status() == TransferStatus.ONGOING && transfer.updatedAt().isAfter(deal.enteredAt()));
        return isBack ? known(deal, transfer)
                : deal.waitingFor("the client to take the transfer up again", clock.instant());
    }

    private Optional<Transfer> find(Deal deal) {
        Optional<Transfer> transfer = journal.findByProposal(Role.PROVIDER, deal.proposalCid());
        transfer.filter(one -> one.status() == TransferStatus.FAILED || one.status() == TransferStatus.CANCELLED)
                .ifPresent(one -> {
                    throw new FatalException("data transfer "
                            + (one.status() == TransferStatus.FAILED ? "failed" : "cancelled")
                            + (one.error() == null ? "" : ": " + one.error()));
                });
        return transfer;
    }

    private static Deal known(Deal deal, Transfer transfer) {
        return deal.withTransfer(new Deal.Transfer(transfer.channel().id(), transfer.channel().toString()))
                .withWaiting(Waiting.NOTHING);
    }

    private static String progress(Transfer transfer) {
        return transfer.status() == TransferStatus.STALLED ? "the client: the transfer has stalled" : "the last byte";
    }
}
