package io.caravan.libp2p;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attempt to reach one peer: its targets one after the other, the next as soon as one failed or has taken 250 ms.
 * The first that completes the handshake wins, later ones are closed. Lives on one Netty thread.
 */
final class Dial {

    private static final long STAGGER_MILLIS = 250;

    private final PeerId peer;
    private final EventExecutor loop;
    private final Function<DialTarget, CompletableFuture<PeerConnection>> connector;
    private final CompletableFuture<PeerConnection> result = new CompletableFuture<>();
    private final ArrayDeque<DialTarget> waiting;
    /** In the order tried; null = no answer yet. */
    private final Map<String, @Nullable String> reasons = new LinkedHashMap<>();
    private int running;
    private @Nullable Future<?> next;

    /** @param refused what could not be dialed at all */
    Dial(PeerId peer, EventExecutor loop, List<DialTarget> targets, List<PeerUnreachableException.Attempt> refused,
         Function<DialTarget, CompletableFuture<PeerConnection>> connector) {
        this.peer = peer;
        this.loop = loop;
        this.connector = connector;
        this.waiting = new ArrayDeque<>(targets);
        refused.forEach(r -> reasons.put(r.address(), r.reason()));
    }

    CompletableFuture<PeerConnection> start(Duration limit) {
        Future<?> deadline =
                loop.schedule(() -> giveUp("no answer within " + limit.toMillis() + " ms"), limit.toMillis(),
                TimeUnit.MILLISECONDS);
        result.whenComplete((c, e) -> deadline.cancel(false));
        loop.execute(this::advance);
        return result;
    }

    private void advance() {
        if (next != null) {
            next.cancel(false);
        }
        if (result.isDone()) {
            return;
        }
        DialTarget target = waiting.poll();
        if (target == null) {
            if (running == 0) {
                giveUp("not tried");
            }
            return;
        }
        running++;
        String name = name(target);
        reasons.put(name, null);
        connector.apply(target).whenCompleteAsync((connection, failure) -> over(name, connection, failure), loop);
        if (!waiting.isEmpty()) {
            next = loop.schedule(this::advance, STAGGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void over(String name, @Nullable PeerConnection connection, @Nullable Throwable failure) {
        running--;
        if (connection != null) {
            if (!result.complete(connection)) {
                connection.close();
            }
            return;
        }
        reasons.put(name, reason(failure));
        advance();
    }

    private void giveUp(String pending) {
        List<PeerUnreachableException.Attempt> attempts = new ArrayList<>();
        reasons.forEach((address, reason) ->
                attempts.add(new PeerUnreachableException.Attempt(address, reason == null ? pending : reason)));
        waiting.forEach(t -> attempts.add(new PeerUnreachableException.Attempt(name(t), "not tried in time")));
        result.completeExceptionally(new PeerUnreachableException(peer, attempts));
    }

    private static String name(DialTarget target) {
        String text = target.address().withoutPeer().toString();
        return target.address().parts().get(0).protocol().startsWith("dns")
                ? text + " (" + target.socket().getAddress().getHostAddress() + ")" : text;
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
                : failure;
        if (cause instanceof io.netty.channel.ConnectTimeoutException) {
            return "no TCP answer in time";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }
}
