package io.caravan.deal;

import io.caravan.store.QueuedDeal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * When a batch closes and who is in it (deal-lifecycle §9.3), as arithmetic: when its first deal has waited a period,
 * or there are as many as a message may hold, or one is urgent. Those that start first go first. Nothing is remembered
 * between two looks, so deals that leave take their timer with them.
 */
final class BatchRule {

    /** The mempool takes 64 KiB with everything around the parameters: addresses, gas, signature. */
    static final int MAX_PARAMS = (64 << 10) - 1024;

    /**
     * @param deals to publish now, in this order; empty when none is
     * @param closes when the batch closes if nobody comes; null when it is closed or there is none
     */
    record Batch(List<QueuedDeal> deals, @Nullable Instant closes) {
    }

    private final PublishConfig config;

    BatchRule(PublishConfig config) {
        this.config = config;
    }

    /**
     * @param waiting the deals that may be published now, in their order
     * @param own the deal that is being looked at; without a period it goes alone
     * @param size a deal's bytes in a message's parameters
     */
    Batch pick(List<QueuedDeal> waiting, QueuedDeal own, Instant now, ToIntFunction<QueuedDeal> size) {
        if (config.period().isZero()) {
            return new Batch(waiting.stream().filter(deal -> deal.proposalCid().equals(own.proposalCid())).toList(), null);
        }
        Instant first = waiting.stream().map(QueuedDeal::queuedAt).min(Instant::compareTo).orElse(null);
        if (first == null) {
            return new Batch(List.of(), null);
        }
        Instant closes = first.plus(config.period());
        boolean isDue = waiting.size() >= config.max() || !closes.isAfter(now)
                || waiting.stream().anyMatch(QueuedDeal::isUrgent);
        return isDue ? new Batch(fitting(waiting, size), null) : new Batch(List.of(), closes);
    }

    private List<QueuedDeal> fitting(List<QueuedDeal> waiting, ToIntFunction<QueuedDeal> size) {
        List<QueuedDeal> batch = new ArrayList<>();
        int most = config.max();
        int bytes = 0;
        for (QueuedDeal deal : waiting) {
            most = deal.most() == null ? most : Math.min(most, deal.most());
            bytes += size.applyAsInt(deal);
            if (batch.size() >= most || bytes > MAX_PARAMS && !batch.isEmpty()) {
                break;
            }
            batch.add(deal);
        }
        return batch;
    }
}
