package io.caravan.rpc;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the head of a request and lets it in, or says with which answer it is turned away before its body is read. */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    private final ServerCore core;

    Entrance(ServerCore core) {
        this.core = core;
    }

    /** A request that is let in. */
    record Admitted(HttpRequest head, String path, QueryStringDecoder uri, Caller caller) {

        boolean isRpc() {
            return ServerCore.isRpc(path);
        }

        boolean isUpgrade() {
            return Entrance.isUpgrade(head);
        }
    }

    /** Either of the two is there. */
    record Verdict(@Nullable Admitted admitted, @Nullable FullHttpResponse refusal) {}

    Verdict judge(Channel channel, HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return refused(400, "the request is not HTTP/1.1 or its head is too long");
        }
        QueryStringDecoder uri = new QueryStringDecoder(head.uri());
        String path;
        Caller caller;
        try {
            path = uri.path();
            List<String> tokens = uri.parameters().getOrDefault("token", List.of());
            Gate.Credentials shown = core.credentials(channel, head.headers(), tokens.isEmpty() ? null : tokens.get(0));
            caller = core.gate().admit(shown);
            if (ServerCore.isRpc(path) && caller.kind() == Caller.Kind.NOBODY && core.gate().showsSession(shown)) {
                throw new IllegalArgumentException("the session has ended: sign in again at /login");
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("a request from {} was refused: {}", channel.remoteAddress(), e.getMessage());
            return refused(401, String.valueOf(e.getMessage()));
        }
        if (!path.startsWith("/") || path.contains("..") || path.indexOf('\0') >= 0
                || !ServerCore.isRpc(path) && core.page(path) == null) {
            return refused(404, "nothing is served at this path; calls go to /rpc/v1");
        }
        BrowserCheck.Objection objection = core.browsers().objection(head, caller, isUpgrade(head));
        if (objection != null) {
            LOG.debug("a request from {} was refused: {}", channel.remoteAddress(), objection.sentence());
            return refused(objection.status(), objection.sentence());
        }
        int wait = core.rates().take(caller, 1);
        if (wait > 0) {
            return new Verdict(null, core.replies().tooMany(
                    core.calls().reply(Answer.of(null, Dispatcher.tooMany(wait))).body(), wait));
        }
        if (HttpUtil.getContentLength(head, 0L) > core.limits().maxBodyBytes()) {
            return new Verdict(null, tooLong());
        }
        return new Verdict(new Admitted(head, path, uri, caller), null);
    }

    /** For a body that turns out to be longer than it may. */
    FullHttpResponse tooLong() {
        HttpCalls.Reply reply = core.calls().reply(Answer.of(null, new RpcException(RpcError.PARSE,
                "request bigger than maximum " + core.limits().maxBodyBytes() + " allowed")));
        return core.replies().json(reply.status(), reply.body());
    }

    private Verdict refused(int status, String sentence) {
        return new Verdict(null, core.replies().text(HttpResponseStatus.valueOf(status), sentence));
    }

    private static boolean isUpgrade(HttpRequest head) {
        return head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
