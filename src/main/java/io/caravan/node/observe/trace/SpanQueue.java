package io.caravan.node.observe.trace;

import io.caravan.node.observe.Metric;
import io.caravan.node.observe.Tally;
import io.caravan.time.Alarms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans on their way to a collector. Whoever adds one never waits: when too many wait, because the collector is slow or away, more are
 * dropped and counted. What is sent goes in batches from a thread of its own.
 */
public final class SpanQueue implements Consumer<Span>, AutoCloseable {

    private static final int MOST_WAITING = 8192;
    private static final int BATCH = 512;
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

    private final BlockingQueue<Span> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Supplier<SpanSender> opening;
    private final Supplier<Sampling> sampling;
    private final Tally tally;
    private @Nullable SpanSender sender;
    private boolean isAway;

    /** Sends a batch; false when it was not taken. */
    public interface SpanSender extends AutoCloseable {
        boolean send(List<Span> batch);

        @Override
        void close();
    }

    /**
     * @param opening makes the sender when the first span is to be sent
     * @param alarms on which sending happens; closed by whoever made them, before this
     */
    public SpanQueue(Supplier<SpanSender> opening, Supplier<Sampling> sampling, Tally tally, Alarms alarms) {
        this.opening = opening;
        this.sampling = sampling;
        this.tally = tally;
        alarms.every(EVERY, this::flush);
    }

    @Override
    public void accept(Span span) {
        if (sampling.get().takes(span.trace()) && !waiting.offer(span)) {
            tally.count(Metric.TRACE_SPANS, "dropped");
        }
    }

    /** Sends all that waits, until the collector does not take a batch. */
    synchronized void flush() {
        while (!waiting.isEmpty()) {
            List<Span> batch = new ArrayList<>(BATCH);
            waiting.drainTo(batch, BATCH);
            boolean isTaken = sent(batch);
            tally.add(Metric.TRACE_SPANS, batch.size(), isTaken ? "exported" : "failed");
            if (isTaken == isAway) {
                isAway = !isTaken;
                LOG.warn(isTaken ? "the collector of traces takes spans again"
                        : "the collector of traces does not take spans; they are dropped and counted until it does, deals go on");
            }
            if (!isTaken) {
                return;
            }
        }
    }

    private boolean sent(List<Span> batch) {
        try {
            if (sender == null) {
                sender = opening.get();
            }
            return sender.send(batch);
        } catch (RuntimeException e) {
            LOG.debug("spans are not sent", e);
            return false;
        }
    }

    /** Sends what waits once more, if the collector is there. */
    @Override
    public synchronized void close() {
        if (!isAway) {
            flush();
        }
        if (sender != null) {
            sender.close();
        }
    }
}
