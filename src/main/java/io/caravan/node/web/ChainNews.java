package io.caravan.node.web;

import io.caravan.chain.Chain;
import io.caravan.chain.TipSet;
import io.caravan.node.api.OverviewApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the newest head that the chain told of, with how long an epoch lasts; asking it costs nothing and never fails. */
public final class ChainNews implements OverviewApi.Heads, AutoCloseable {

    private final AutoCloseable news;
    private final long epochMillis;
    private volatile @Nullable TipSet newest;

    /** Listens from now on. */
    public ChainNews(Chain chain) {
        epochMillis = chain.networkParams().blockDelay().toMillis();
        news = chain.onHead(change -> hear(change.applied()));
    }

    private void hear(List<TipSet> applied) {
        if (!applied.isEmpty()) {
            newest = applied.get(applied.size() - 1);
        }
    }

    @Override
    public @Nullable Head newest() {
        TipSet head = newest;
        return head == null ? null : new Head(head.epoch().value(), head.at(), epochMillis);
    }

    @Override
    public void close() throws Exception {
        news.close();
    }
}
