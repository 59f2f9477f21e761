package io.caravan.node.shadow;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.ShadowComponent;
import io.caravan.camel.ShadowComponent.Verdict;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Turn;
import io.caravan.store.DealStore;
import io.caravan.store.ShadowStore;
import io.caravan.store.ShadowStore.Counts;
import io.caravan.store.ShadowStore.Difference;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One candidate that judges copies of what the live phases have settled, on threads of its own and within its time. */
final class Trial implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    /**
     * @param workers bounded: what does not fit is dropped
     * @param alarms end what takes longer than {@code limit} over one deal
     */
    record Tools(DealStore deals, ShadowStore rows, Timeline timeline, Workers workers, Alarms alarms, Duration limit) {}

    private final Tools tools;
    private final ShadowStore.Trial row;
    private final Candidate candidate;
    private final AtomicLong dropped = new AtomicLong();

    Trial(Tools tools, ShadowStore.Trial row, Candidate candidate) {
        this.tools = tools;
        this.row = row;
        this.candidate = candidate;
    }

    ShadowStore.Trial row() {
        return row;
    }

    /** Hears of a deal that a live phase has settled; returns at once. */
    void settled(Deal claimed, PhaseRun live) {
        if (!candidate.states().contains(claimed.state())) {
            return;
        }
        try {
            tools.workers().execute(() -> judge(claimed, live));
        } catch (RejectedExecutionException e) {
            dropped.incrementAndGet();
        }
    }

    private void judge(Deal claimed, PhaseRun live) {
        long began = tools.timeline().nanos();
        Thread self = Thread.currentThread();
        Alarms.Alarm limit = tools.alarms().in(tools.limit(), self::interrupt);
        Verdict verdict;
        try {
            verdict = candidate.judge(released(claimed));
        } finally {
            limit.cancel();
            Thread.interrupted(); // the next deal is not this one's
        }
        long took = Duration.ofNanos(tools.timeline().nanos() - began).toMillis();
        if (took >= tools.limit().toMillis()) {
            verdict = new Verdict(ShadowComponent.ERROR, "it took longer than " + tools.limit().toMillis() + " ms");
        }
        try {
            note(claimed, live, verdict, took);
        } catch (RuntimeException e) {
            LOG.warn("what the candidate {} makes of deal {} is not noted: {}", row.name(), claimed.proposalCid(), e.getMessage());
        }
    }

    /** The copy that a candidate sees is nobody's. */
    private static Deal released(Deal deal) {
        Turn turn = deal.turn();
        return deal.withTurn(new Turn(turn.runAfter(), turn.attempt(), turn.bugs(), turn.deadline(), turn.lastEpoch(), null, turn.parked()));
    }

    private void note(Deal claimed, PhaseRun live, Verdict verdict, long took) {
        boolean isSame = verdict.decision().equals(live.to());
        if (!isSame) {
            String reason = tools.deals().find(claimed.proposalCid(), claimed.role()).map(Deal::message).orElse(null);
            tools.rows().add(row.id(), new Difference(claimed.proposalCid().toString(), live.state(), live.to(),
                    DealState.ofName(live.to()) == claimed.state() ? null : reason, verdict.decision(), verdict.reason(), took,
                    tools.timeline().clock().instant()));
        }
        tools.rows().count(row.id(), new Counts(1, isSame ? 1 : 0, !isSame && verdict.isDecided() ? 1 : 0,
                isSame || verdict.isDecided() ? 0 : 1, dropped.getAndSet(0)));
    }

    @Override
    public void close() {
        candidate.close();
    }
}
