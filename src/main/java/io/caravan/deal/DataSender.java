package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The client's side of the transfer. States 16, 30, 17 and 28: opens the channel or goes on with the one that is
 * journalled, then looks at the journal. The bytes move in the market's sessions, which also restart what breaks; the
 * deal gives up when no byte moved for too long, however often they did.
 */
public final class DataSender {

    /** The miner has the data already, whatever our journal says. */
    private static final Set<DealState> PAST = EnumSet.of(DealState.VERIFY_DATA, DealState.RESERVE_PROVIDER_FUNDS,
            DealState.PROVIDER_FUNDING, DealState.PUBLISH, DealState.PUBLISHING, DealState.STAGED,
            DealState.AWAITING_PRE_COMMIT,
            DealState.SEALING, DealState.FINALIZING, DealState.ACTIVE);

    private final Function<Cid, Transfer> push;
    private final TransferJournal journal;
    private final RemoteStates remote;
    private final TransferNotes notes;
    private final TransferPatience patience;
    private final Clock clock;

    /** @param push opens the deal's channel, or goes on with the one it has; returns at once */
    public DataSender(Function<Cid, Transfer> push, TransferJournal journal, RemoteStates remote, TransferNotes notes,
            TransferPatience patience, Clock clock) {
        this.push = push;
        this.journal = journal;
        this.remote = remote;
        this.notes = notes;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Opens the push channel, or goes on with the deal's channel; waits for nothing once the miner took it, which it
     * says by asking for the data or, while that waits for a place at the miner, by its deal's state. A channel that
     * failed ends the deal with its reason: opening another would only hide that reason behind a refusal. Offline data
     * is brought to the miner by hand: there is nothing to open.
     */
    public Deal start(Deal deal) {
        if (isPast(deal) || deal.dataRef().transferType().equals(DataRef.MANUAL)) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        find(deal);
        Transfer transfer = TransferEnds.checked(push.apply(deal.proposalCid()));
        if (rank(transfer.status()) >= rank(TransferStatus.QUEUED)) {
            return known(deal, transfer);
        }
        Deal asked = remote.pollAlive(deal);
        return isPast(asked) || asked.remote().state() == DealState.TRANSFERRING ? known(asked, transfer)
                : known(asked, transfer).waitingFor(WaitsOn.PEER, "the miner to take the transfer"
                        + (transfer.error() == null ? "" : ", " + transfer.error()), clock.instant());
    }

    /** Waits for nothing once bytes move; the miner is asked only while none do. */
    public Deal lookStart(Deal deal) {
        if (isPast(deal)) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        Transfer transfer = current(deal);
        boolean hasMoved = transfer.status() != TransferStatus.STALLED || transfer.blocks() > 0;
        if (hasMoved && rank(transfer.status()) >= rank(TransferStatus.ONGOING)) {
            return known(deal, transfer);
        }
        Deal asked = remote.pollAlive(deal);
        return isPast(asked) ? known(asked, transfer) : waiting(asked, transfer,
                transfer.status() == TransferStatus.QUEUED ? WaitsOn.NODE : WaitsOn.PEER, "a free place for the transfer");
    }

    /**
     * Waits for nothing once the miner has confirmed every byte, or says that it has them: the confirmation may have
     * been lost with a connection.
     */
    public Deal look(Deal deal) {
        Transfer transfer = current(deal);
        if (transfer.status() == TransferStatus.COMPLETED) {
            return known(deal, transfer);
        }
        Deal asked = remote.pollAlive(deal);
        return isPast(asked) ? known(asked, transfer)
                : waiting(asked, transfer, WaitsOn.PEER, transfer.status() == TransferStatus.SENT
                        ? "the miner to confirm the last byte" : "the last byte to be sent");
    }

    /** After our restart: waits for nothing if the transfer became complete while we were down. */
    public Deal lookComplete(Deal deal) {
        Deal asked = remote.askAlive(deal);
        Optional<Transfer> transfer = find(asked);
        boolean isComplete = isPast(asked)
                || transfer.filter(one -> one.status() == TransferStatus.COMPLETED).isPresent();
        return isComplete ? transfer.map(one -> known(asked, one)).orElse(asked).withWaiting(Waiting.NOTHING)
                : asked.waitingFor(WaitsOn.NODE, "the transfer to be taken up again", clock.instant());
    }

    /** Takes the transfer up again after our restart; calling it again does no harm. */
    public Deal restart(Deal deal) {
        Deal asked = remote.poll(deal);
        if (isPast(asked)) { // the miner needs the channel no more, and may have forgotten it
            return asked.withWaiting(Waiting.NOTHING);
        }
        return known(deal, TransferEnds.checked(push.apply(deal.proposalCid())));
    }

    private Transfer current(Deal deal) {
        return find(deal).orElseGet(() -> push.apply(deal.proposalCid()));
    }

    /** A miner that cancels has a reason, which its deal tells. */
    private Optional<Transfer> find(Deal deal) {
        Optional<Transfer> known = journal.findByProposal(Role.CLIENT, deal.proposalCid());
        if (known.isPresent() && known.get().status() == TransferStatus.CANCELLED) {
            remote.askAlive(deal);
        }
        return known.map(TransferEnds::checked);
    }

    private Deal waiting(Deal deal, Transfer transfer, WaitsOn kind, String what) {
        Deal noted = notes.note(patience.limit(deal, transfer), transfer);
        Instant end = Objects.requireNonNull(noted.turn().deadline());
        return transfer.status() == TransferStatus.STALLED
                ? noted.waitingFor(WaitsOn.PEER, "the transfer to be taken up again"
                        + (transfer.error() == null ? "" : ", " + transfer.error()), clock.instant(), end)
                : noted.waitingFor(kind, what, clock.instant(), end);
    }

    /** How far a transfer has come; one that has stalled had begun. */
    private static int rank(TransferStatus status) {
        return switch (status) {
            case REQUESTED -> 0;
            case QUEUED -> 1;
            case ONGOING, STALLED -> 2;
            case SENT -> 3;
            case COMPLETED -> 4;
            case FAILED, CANCELLED -> -1;
        };
    }

    /** Whether the provider has said that it has all data. */
    static boolean isPast(Deal deal) {
        DealState state = deal.remote().state();
        return state != null && PAST.contains(state);
    }

    private static Deal known(Deal deal, Transfer transfer) {
        return deal.withTransfer(new Deal.Transfer(transfer.channel().id(), transfer.channel().toString()))
                .withMessage(null).withWaiting(Waiting.NOTHING);
    }
}
