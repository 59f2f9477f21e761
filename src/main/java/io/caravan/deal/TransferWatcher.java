package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The provider's look at how the data comes in. States 18, 17 and 27; the transfer itself runs in the market's
 * sessions. Each state has its deadline, which holds whether or not the client is ever heard of again.
 */
public final class TransferWatcher {

    /** How long a deal that {@link TransferWakes} wakes leaves its transfer's row alone. */
    static final Duration QUIET = Duration.ofSeconds(30);

    private final TransferJournal journal;
    private final TransferNotes notes;
    private final TransferPatience patience;
    private final Supplier<Duration> offline;
    private final Clock clock;

    /** @param offline until the next look at a deal whose import nobody has begun; the import itself moves the deal at once */
    public TransferWatcher(TransferJournal journal, TransferNotes notes, TransferPatience patience, Supplier<Duration> offline, Clock clock) {
        this.journal = journal;
        this.notes = notes;
        this.patience = patience;
        this.offline = offline;
        this.clock = clock;
    }

    /** Waits for nothing once the client has opened a channel; an offline deal waits for its import. */
    public Deal lookStart(Deal deal) {
        Optional<Transfer> transfer = find(deal);
        if (transfer.isPresent()) {
            return known(deal, transfer.get());
        }
        return deal.files().inbound() == null
                ? waiting(deal, WaitsOn.OPERATOR, "its data to be imported").withRunAfter(clock.instant().plus(offline.get()))
                : quiet(waiting(deal, WaitsOn.PEER, "the client to send the data"));
    }

    /** Waits for nothing once every byte is here. */
    public Deal look(Deal deal) {
        Transfer transfer = find(deal).orElse(null);
        if (transfer == null) {
            return waiting(deal, WaitsOn.PEER, "the client to send the data");
        }
        if (transfer.status() == TransferStatus.COMPLETED) {
            return known(deal, transfer);
        }
        Deal noted = notes.note(patience.limit(deal, transfer), transfer);
        Deal waiting = waiting(noted, on(transfer), progress(transfer));
        return transfer.status() == TransferStatus.ONGOING ? waiting : quiet(waiting);
    }

    /** Waits for nothing once the client has taken the transfer up again, or it was complete before we went down. */
    public Deal lookRestart(Deal deal) {
        Transfer transfer = find(deal).orElse(null);
        boolean isBack = transfer != null && (transfer.status() == TransferStatus.COMPLETED
                || transfer.status() != TransferStatus.STALLED && transfer.updatedAt().isAfter(deal.enteredAt()));
        return isBack ? known(deal, transfer)
                : quiet(waiting(deal, WaitsOn.PEER, "the client to take the transfer up again"));
    }

    private Optional<Transfer> find(Deal deal) {
        return journal.findByProposal(Role.PROVIDER, deal.proposalCid()).map(TransferEnds::checked);
    }

    private static Deal known(Deal deal, Transfer transfer) {
        return deal.withTransfer(new Deal.Transfer(transfer.channel().id(), transfer.channel().toString()))
                .withMessage(null).withWaiting(Waiting.NOTHING);
    }

    private Deal quiet(Deal deal) {
        return deal.withRunAfter(clock.instant().plus(QUIET));
    }

    private Deal waiting(Deal deal, WaitsOn kind, String what) {
        Instant end = deal.turn().deadline();
        return end == null ? deal.waitingFor(kind, what, clock.instant())
                : deal.waitingFor(kind, what, clock.instant(), end);
    }

    private static WaitsOn on(Transfer transfer) {
        return transfer.status() == TransferStatus.REQUESTED ? WaitsOn.NODE : WaitsOn.PEER;
    }

    private static String progress(Transfer transfer) {
        return switch (transfer.status()) {
            case STALLED -> "the client: the transfer has stalled" + because(transfer);
            case REQUESTED -> "a free place for the transfer" + because(transfer);
            default -> "the last byte";
        };
    }

    private static String because(Transfer transfer) {
        return transfer.error() == null ? "" : ", " + transfer.error();
    }
}
