package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.RpcException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls of StateWaitMsg under way. None holds a thread: each is looked at when the head moves. */
final class MessageWaits {

    private static final long MAX_CONFIDENCE = 900;

    /** One call: a message that must be shown by a tipset at least {@code confidence} below the head. */
    record Wish(Cid message, long confidence, long lookback, boolean isReplacedAllowed) {
    }

    private record Waiting(Wish wish, CompletableFuture<JsonNode> answer) {
    }

    private final LiveChain chain;
    private final MessageSearch search;
    private final Shapes shapes;
    private final List<Waiting> waiting = new CopyOnWriteArrayList<>();

    MessageWaits(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.search = new MessageSearch(chain);
        this.shapes = shapes;
        chain.subscribe(move -> waiting.forEach(this::look), head -> { });
    }

    CompletionStage<JsonNode> await(Wish wish, CallContext context) {
        if (wish.confidence() > MAX_CONFIDENCE) {
            throw new RpcException("confidence parameter must be at most " + MAX_CONFIDENCE);
        }
        if (chain.message(wish.message()).isEmpty()) {
            throw new RpcException("failed to load message: ipld: could not find " + wish.message());
        }
        Waiting one = new Waiting(wish, new CompletableFuture<>());
        waiting.add(one);
        one.answer().whenComplete((value, error) -> waiting.remove(one));
        context.onCancel(() -> one.answer().cancel(false));
        look(one);
        return one.answer();
    }

    /** Ends every wait; the server is going away. */
    void close() {
        waiting.forEach(one -> one.answer().completeExceptionally(new RpcException("the node is shutting down")));
    }

    private void look(Waiting one) {
        Block head = chain.view().head();
        Wish wish = one.wish();
        Optional<MessageSearch.Found> found =
                search.find(wish.message(), head, wish.lookback() < 0 ? -1 : wish.lookback() + wish.confidence(),
                        wish.isReplacedAllowed());
        found.filter(at -> head.height() >= at.shownBy().height() + wish.confidence())
                .ifPresent(at -> one.answer().complete(at.json(shapes)));
    }
}
