package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperatorVerb;
import io.caravan.model.Role;
import io.caravan.store.DealOperations;
import io.caravan.store.DealStore;
import io.caravan.store.Operation.Word;
import io.caravan.store.PublishQueue;
import io.caravan.store.QueuedDeal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator sees of the publish queue and may do with it; every act is a row that the deals' own phases obey. */
public final class PublishDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PublishDesk.class);
    private static final int MOST = 1000;
    private static final Set<DealState> PUBLISHING = EnumSet.of(DealState.PUBLISH, DealState.PUBLISHING);

    private final FilAddress ours;
    private final DealStore deals;
    private final PublishQueue queue;
    private final DealOperations operations;
    private final Supplier<Duration> period;

    /** A deal that waits, and its place. */
    public record Pending(Deal deal, QueuedDeal place) {
    }

    /**
     * @param first when the first deal of the open batch came; null when nothing waits
     * @param period how long it waits for others
     */
    public record Batch(List<Pending> deals, @Nullable Instant first, Duration period) {
    }

    /**
     * @param ours our miner actor, ID form
     * @param operations obeys and writes down what the operator says of each deal
     * @param period {@code miner.publish.period}
     */
    public PublishDesk(FilAddress ours, DealStore deals, PublishQueue queue, DealOperations operations, Supplier<Duration> period) {
        this.ours = ours;
        this.deals = deals;
        this.queue = queue;
        this.operations = operations;
        this.period = period;
    }

    /** The deals that are in no message yet, those that start first first; at most a thousand. */
    public Batch pending() {
        List<Pending> pending = new ArrayList<>();
        for (QueuedDeal place : queue.pending(ours, MOST)) {
            deals.find(place.proposalCid(), Role.PROVIDER).filter(deal -> !deal.isFinal())
                    .ifPresent(deal -> pending.add(new Pending(deal, place)));
        }
        return new Batch(pending, pending.stream().map(one -> one.place().queuedAt()).min(Instant::compareTo).orElse(null),
                period.get());
    }

    /**
     * Publishes what waits now, without waiting for its period or for another try; returns before it is sent.
     *
     * @param who the operator, for the audit
     * @return the deals that waited
     */
    public List<Cid> publishNow(String who) {
        List<Cid> waiting = pending().deals().stream().map(one -> one.deal().proposalCid()).toList();
        queue.hurry(ours);
        for (Cid deal : waiting) {
            try {
                operations.obey(deal, Role.PROVIDER, new Word(OperatorVerb.RETRY, who, null, "publish now"));
            } catch (OperationRefusedException e) {
                LOG.debug("deal {} went on meanwhile: {}", deal, e.getMessage());
            }
        }
        return waiting;
    }

    /**
     * Tries to publish one deal again now, whatever held it; returns before it is sent.
     *
     * @param who the operator, for the audit
     * @throws DealRefusedException {@code P1} there is no such deal, {@code P2} it is not being published
     */
    public void retry(Cid proposalCid, String who) {
        Optional<Deal> deal = deals.find(proposalCid, Role.PROVIDER);
        if (deal.isEmpty()) {
            throw new DealRefusedException("P1 deal-not-found: no deal of this miner has the proposal CID " + proposalCid);
        }
        DealState state = deal.get().state();
        if (!PUBLISHING.contains(state)) {
            throw new DealRefusedException("P2 not-publishing: deal " + proposalCid + " is " + state.wireName()
                    + ", only one in " + DealState.PUBLISH.wireName() + " or " + DealState.PUBLISHING.wireName()
                    + " can be published again");
        }
        queue.retry(proposalCid);
        operations.obey(proposalCid, Role.PROVIDER, new Word(OperatorVerb.RETRY, who, null, "publish again"));
    }
}
