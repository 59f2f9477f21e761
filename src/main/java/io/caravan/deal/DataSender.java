package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.market.Transfer;
import io.caravan.market.TransferClient;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The client's side of the transfer. States 16, 30, 17 and 28: opens the channel or goes on with the one that is
 * journalled, then looks at the journal. The bytes move in the market's sessions, which also restart what breaks.
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
    private final Clock clock;

    public DataSender(TransferClient client, TransferJournal journal, RemoteStates remote, Clock clock) {
        this(client::push, journal, remote, clock);
    }

    DataSender(Function<Cid, Transfer> push, TransferJournal journal, RemoteStates remote, Clock clock) {
        this.push = push;
        this.journal = journal;
        this.remote = remote;
        this.clock = clock;
    }

    /**
     * Opens the push channel, or goes on with the deal's channel; waits for nothing once the miner took it. A channel that
     * failed ends the deal with its reason: opening another would only hide that reason behind a refusal.
     */
    public Deal start(Deal deal) {
        if (isPast(deal)) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        journal.findByProposal(Role.CLIENT, deal.proposalCid()).ifPresent(DataSender::checked);
        return judged(deal, push.apply(deal.proposalCid()), TransferStatus.QUEUED, "the miner to take the transfer");
    }

    /** Waits for nothing once bytes move. */
    public Deal lookStart(Deal deal) {
        Deal asked = remote.pollAlive(deal);
        return isPast(asked) ? asked.withWaiting(Waiting.NOTHING)
                : judged(asked, current(asked), TransferStatus.ONGOING, "a free place for the transfer");
    }

    /**
     * Waits for nothing once the miner has confirmed every byte, or says that it has them: the confirmation may have
     * been lost with a connection.
     */
    public Deal look(Deal deal) {
        Deal asked = remote.pollAlive(deal);
        Transfer transfer = current(asked);
        return isPast(asked) ? known(asked, transfer)
                : judged(asked, transfer, TransferStatus.COMPLETED, "the last byte to be confirmed");
    }

    /** Takes the transfer up again after our restart; calling it again does no harm. */
    public Deal restart(Deal deal) {
        return known(deal, checked(push.apply(deal.proposalCid())));
    }

    private Transfer current(Deal deal) {
        Optional<Transfer> known = journal.findByProposal(Role.CLIENT, deal.proposalCid());
        return known.isPresent() ? known.get() : push.apply(deal.proposalCid());
    }

    private Deal judged(Deal deal, Transfer transfer, TransferStatus least, String what) {
        Deal known = known(deal, checked(transfer));
        return rank(transfer.status()) >= rank(least) ? known : known.waitingFor(
                transfer.status() == TransferStatus.STALLED ? "the miner to answer again" : what, clock.instant());
    }

    private static Transfer checked(Transfer transfer) {
        if (transfer.status() == TransferStatus.FAILED || transfer.status() == TransferStatus.CANCELLED) {
            throw new FatalException("data transfer "
                    + (transfer.status() == TransferStatus.FAILED ? "failed" : "cancelled")
                    + (transfer.error() == null ? "" : ": " + transfer.error()));
        }
        return transfer;
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

    private static boolean isPast(Deal deal) {
        DealState state = deal.remote().state();
        return state != null && PAST.contains(state);
    }

    private static Deal known(Deal deal, Transfer transfer) {
        return deal.withTransfer(new Deal.Transfer(transfer.channel().id(), transfer.channel().toString()))
                .withWaiting(Waiting.NOTHING);
    }
}
