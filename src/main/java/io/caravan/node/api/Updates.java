package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.OutChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells WebSocket subscribers of changes without holding up whoever made them: one thread looks the change up and sends
 * it to all. When it falls too far behind, all channels close, so that nobody believes to have heard everything.
 */
public final class Updates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Updates.class);
    private static final int MAX_WAITING = 4096;

    private final Set<OutChannel> channels = ConcurrentHashMap.newKeySet();
    private final ExecutorService teller;

    /** @param name of the thread */
    public Updates(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        teller = pool;
    }

    /** A channel to the caller that gets everything told from now on. */
    OutChannel subscribe(CallContext context) {
        OutChannel channel = context.openChannel();
        channels.add(channel);
        channel.onClose(() -> channels.remove(channel));
        return channel;
    }

    /** Tells what the supplier finds; it runs later, on the teller's thread, and only if somebody listens. */
    void tell(Supplier<Optional<? extends JsonNode>> what) {
        if (channels.isEmpty()) {
            return;
        }
        try {
            teller.execute(() -> send(what));
        } catch (RejectedExecutionException e) {
            LOG.warn("updates are told too slowly: {} subscribers have to subscribe again", channels.size());
            channels.forEach(OutChannel::close);
        }
    }

    private void send(Supplier<Optional<? extends JsonNode>> what) {
        try {
            what.get().ifPresent(value -> channels.forEach(channel -> channel.send(value)));
        } catch (RuntimeException e) {
            LOG.warn("an update could not be told, subscribers have to subscribe again: {}", e.toString());
            channels.forEach(OutChannel::close);
        }
    }

    /** Ends all channels. */
    @Override
    public void close() {
        teller.shutdownNow();
        channels.forEach(OutChannel::close);
    }
}
