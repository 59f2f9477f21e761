package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.StatusPoke;
import io.caravan.market.StatusPoker;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import io.caravan.store.Subscription;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After each committed step of a provider's deal tells its client, if it is connected, that there is something to ask for. */
public final class ProviderPokes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderPokes.class);

    /** Of these the client hears by the stream on which it waits for the answer. */
    private static final Set<DealState> UNDECIDED = EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING, DealState.ACCEPT_WAIT);

    private final DealStore deals;
    private final StatusPoker poker;
    private final Executor workers;
    private final BooleanSupplier isWanted;
    private final Subscription moves;
    /** Deals whose poke waits for a worker: what else they do meanwhile goes with it. */
    private final Set<Cid> waiting = ConcurrentHashMap.newKeySet();

    /**
     * @param workers send; belong to the caller
     * @param isWanted whether clients are told at all; asked at each move
     */
    public ProviderPokes(DealStore deals, StatusPoker poker, Executor workers, BooleanSupplier isWanted) {
        this.deals = deals;
        this.poker = poker;
        this.workers = workers;
        this.isWanted = isWanted;
        this.moves = deals.onMove(this::moved);
    }

    private void moved(DealMove move) {
        boolean isNews = move.role() == Role.PROVIDER && move.from() != move.to() && !UNDECIDED.contains(move.to());
        if (!isNews || !isWanted.getAsBoolean() || !waiting.add(move.proposalCid())) {
            return;
        }
        try {
            workers.execute(() -> poke(move.proposalCid()));
        } catch (RejectedExecutionException e) {
            waiting.remove(move.proposalCid());
            LOG.debug("deal {}: too many pokes wait; its client asks by itself", move.proposalCid());
        }
    }

    private void poke(Cid proposalCid) {
        waiting.remove(proposalCid);
        deals.find(proposalCid, Role.PROVIDER).filter(deal -> !deal.peer().isEmpty()).ifPresent(deal -> {
            PeerId client = PeerId.parse(deal.peer());
            if (poker.takes(client)) {
                poker.poke(client, new StatusPoke(proposalCid, deal.seq()));
            }
        });
    }

    @Override
    public void close() {
        moves.close();
    }
}
