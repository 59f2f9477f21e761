package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.MoveFeed;
import io.caravan.store.MoveFeeds;
import org.jspecify.annotations.Nullable;

/** The receivers that routes of an operator's own tell of moves, and how far each is behind. */
public final class FeedApi {

    private final ApiJson json;
    private final MoveFeeds feeds;

    public FeedApi(ApiJson json, MoveFeeds feeds) {
        this.json = json;
        this.feeds = feeds;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.MoveFeeds", RpcMethod.read(0, this::list));
        methods.register("Caravan.MoveFeedForget", RpcMethod.of(Permission.ADMIN, 2, this::forget));
    }

    /** All receivers: {@code []}. {@code behind} is counted up to 100,000, {@code oldest} is the time of the first of these. */
    private JsonNode list(Params params, CallContext context) {
        ArrayNode out = json.list();
        for (MoveFeed.Lag lag : feeds.lags()) {
            MoveFeed feed = lag.feed();
            out.addObject().put("name", feed.name()).put("topic", feed.topic()).put("behind", lag.behind())
                    .put("oldest", text(lag.oldest())).put("taken", feed.taken()).put("takenAt", text(feed.takenAt()))
                    .put("failures", feed.failures()).put("failingSince", text(feed.failingSince())).put("lastError", feed.lastError());
        }
        return out;
    }

    /** Forgets a receiver whose route is gone: {@code [name, topic]}. */
    private JsonNode forget(Params params, CallContext context) {
        String name = params.text(0, "name");
        if (!feeds.forget(name, params.text(1, "topic"))) {
            throw new RpcException("there is no receiver %s whose route is gone: take its route away first, then wait out its lease".formatted(name));
        }
        return json.object();
    }

    private static @Nullable String text(@Nullable Object moment) {
        return moment == null ? null : moment.toString();
    }
}
