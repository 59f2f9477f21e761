package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.rpc.ChannelListener;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of every new head: by {@code ChainNotify} over WebSocket while that works, by asking for the head
 * every period while it does not. Nothing depends on it for correctness: it only makes looking sooner worth while.
 */
public final class HeadFeed implements Heads, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeadFeed.class);

    private final RpcClient client;
    private final ScheduledExecutorService timer;
    private final List<Consumer<HeadChange>> listeners = new CopyOnWriteArrayList<>();
    private final Supplier<Duration> period;

    /** Guards what follows: the running subscription and poll, and the last head told. */
    private final Object lock = new Object();
    private @Nullable ScheduledFuture<?> poll;
    private @Nullable RpcSubscription subscription;
    private @Nullable TipSetKey last;
    private boolean isClosed;

    /**
     * @param timer runs the polls; belongs to the caller
     * @param period how often the connection is checked, and the head asked for while there is none; asked each time
     */
    public HeadFeed(RpcClient client, ScheduledExecutorService timer, Supplier<Duration> period) {
        this.client = client;
        this.timer = timer;
        this.period = period;
    }

    /** Adds a listener; the first one opens the connection. Closing the result removes it. */
    @Override
    public AutoCloseable listen(Consumer<HeadChange> listener) {
        listeners.add(listener);
        synchronized (lock) {
            if (poll == null && !isClosed) {
                poll = timer.schedule(this::round, 0, TimeUnit.MILLISECONDS);
            }
        }
        return () -> listeners.remove(listener);
    }

    private void round() {
        try {
            check();
        } finally {
            synchronized (lock) {
                if (!isClosed) {
                    poll = timer.schedule(this::round, Math.max(1, period.get().toMillis()), TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private void check() {
        try {
            RpcSubscription now;
            synchronized (lock) {
                now = subscription;
            }
            if (now == null || !now.isOpen()) {
                open();
            }
        } catch (RpcException | IllegalArgumentException e) {
            LOG.debug("no ChainNotify, asking for the head instead: {}", e.getMessage());
            ask();
        }
    }

    private void open() {
        RpcSubscription opened = client.subscribe("Filecoin.ChainNotify", List.of(), new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                hear(value);
            }

            @Override
            public void onClosed(String reason) {
                LOG.debug("ChainNotify ended: {}", reason);
            }
        });
        synchronized (lock) {
            subscription = opened;
            if (!isClosed) {
                return;
            }
        }
        opened.close();
    }

    private void ask() {
        try {
            tell(new HeadChange(List.of(), List.of(ChainJson.tipSet(client.call("Filecoin.ChainHead")))));
        } catch (RpcException | IllegalArgumentException e) {
            LOG.debug("no head either: {}", e.getMessage());
        }
    }

    private void hear(JsonNode changes) {
        List<TipSet> reverted = new ArrayList<>();
        List<TipSet> applied = new ArrayList<>();
        for (JsonNode change : changes) {
            TipSet tipSet = ChainJson.tipSet(ChainJson.field(change, "Val"));
            ("revert".equals(change.path("Type").asText()) ? reverted : applied).add(tipSet);
        }
        tell(new HeadChange(reverted, applied));
    }

    private void tell(HeadChange change) {
        if (change.applied().isEmpty()) {
            return;
        }
        TipSetKey head = change.applied().get(change.applied().size() - 1).key();
        synchronized (lock) {
            if (head.equals(last)) {
                return;
            }
            last = head;
        }
        for (Consumer<HeadChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.warn("a listener of the chain's head failed: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        RpcSubscription open;
        synchronized (lock) {
            isClosed = true;
            open = subscription;
            if (poll != null) {
                poll.cancel(false);
            }
        }
        if (open != null) {
            open.close();
        }
    }
}
