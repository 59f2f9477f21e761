package io.caravan.chain;

import io.caravan.model.ChainTime;
import io.caravan.model.Epoch;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link ChainTime} by the chain's own news: the epoch of the newest head it told of. */
public final class HeadTime implements ChainTime, AutoCloseable {

    private final AutoCloseable news;
    private volatile @Nullable Epoch newest;

    /** Listens to the chain from now on. */
    public HeadTime(Chain chain) {
        news = chain.onHead(change -> hear(change.applied()));
    }

    private void hear(List<TipSet> applied) {
        if (!applied.isEmpty()) {
            newest = applied.get(applied.size() - 1).epoch();
        }
    }

    @Override
    public Optional<Epoch> head() {
        return Optional.ofNullable(newest);
    }

    @Override
    public void close() throws Exception {
        news.close();
    }
}
