package io.caravan.rpc;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection: collects a request, hands it to a worker, writes the answer, one after the other. Runs on its
 * event loop, which never waits. Becomes a {@link SocketConnection} when the caller upgrades.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private static final int LINGER_MILLIS = 300;

    private final ServerCore core;
    private final BoundedBody body;

    private @Nullable Exchange current;
    /** A request that came before the last one was answered; reading stops while it waits. */
    private @Nullable HttpRequest early;
    private @Nullable ScheduledFuture<?> deadline;
    /** The last answer is out: what still comes is read and thrown away, so that the caller gets to see it. */
    private boolean ending;

    /** One request being collected or answered. */
    private record Exchange(HttpRequest head, String path, QueryStringDecoder uri, Caller caller,
            boolean keepAlive, boolean[] dispatched, CallScopes scopes) {}

    HttpConnection(ServerCore core) {
        this.core = core;
        this.body = new BoundedBody(core.config().maxBodyBytes(), core.budget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        closeAfter(ctx, core.config().idleTimeout());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        body.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelDeadline();
        body.release();
        if (current != null) {
            current.scopes().cancelAll();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection from {} ended: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (ending) {
                return;
            }
            if (message instanceof HttpRequest head) {
                if (current == null) {
                    begin(ctx, head);
                } else {
                    early = head;
                    ctx.channel().config().setAutoRead(false);
                }
            }
            if (message instanceof HttpContent part && current != null && !current.dispatched()[0]) {
                collect(ctx, current, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "the request is not HTTP/1.1 or its head is too long");
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(head.uri());
        String path;
        Caller caller;
        try {
            path = uri.path();
            List<String> tokens = uri.parameters().getOrDefault("token", List.of());
            Gate.Credentials shown =
                    core.credentials(ctx.channel(), head.headers(), tokens.isEmpty() ? null : tokens.get(0));
            caller = core.gate().admit(shown);
            if (ServerCore.isRpc(path) && caller.kind() == Caller.Kind.NOBODY && core.gate().showsSession(shown)) {
                throw new IllegalArgumentException("the session has ended: sign in again at /login");
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("a request from {} was refused: {}", ctx.channel().remoteAddress(), e.getMessage());
            refuse(ctx, HttpResponseStatus.UNAUTHORIZED, String.valueOf(e.getMessage()));
            return;
        }
        boolean isPage = !ServerCore.isRpc(path);
        if (!path.startsWith("/") || path.contains("..") || path.indexOf('\0') >= 0
                || isPage && core.page(path) == null) {
            refuse(ctx, HttpResponseStatus.NOT_FOUND, "nothing is served at this path; calls go to /rpc/v1");
            return;
        }
        BrowserCheck.Objection objection = core.browsers().objection(head, caller, isUpgrade(head));
        if (objection != null) {
            LOG.debug("a request from {} was refused: {}", ctx.channel().remoteAddress(), objection.sentence());
            refuse(ctx, HttpResponseStatus.valueOf(objection.status()), objection.sentence());
            return;
        }
        if (HttpUtil.getContentLength(head, 0L) > core.config().maxBodyBytes()) {
            refuseTooLong(ctx);
            return;
        }
        current = new Exchange(head, path, uri, caller, HttpUtil.isKeepAlive(head), new boolean[1],
                new CallScopes(caller, ServerCore.apiVersion(path)));
        closeAfter(ctx, core.config().bodyTimeout());
        if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void collect(ChannelHandlerContext ctx, Exchange exchange, HttpContent part) {
        if (part.decoderResult().isFailure()) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "the body is not what its head says");
            return;
        }
        switch (body.add(part.content())) {
            case TOO_LONG -> refuseTooLong(ctx);
            case BUSY -> refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, "the node is busy, try again");
            case FITS -> {
                if (part instanceof LastHttpContent) {
                    exchange.dispatched()[0] = true;
                    cancelDeadline();
                    dispatch(ctx, exchange);
                }
            }
        }
    }

    private void dispatch(ChannelHandlerContext ctx, Exchange exchange) {
        if (ServerCore.isRpc(exchange.path()) && isUpgrade(exchange.head())) {
            SocketConnection.upgrade(ctx, this, core, exchange.head(), exchange.caller(),
                    ServerCore.apiVersion(exchange.path()));
            return;
        }
        byte[] content = body.finish();
        try {
            core.workers().execute(() -> work(ctx, exchange, content));
        } catch (RejectedExecutionException e) {
            answer(ctx, exchange, core.replies().json(503,
                    core.calls().reply(Answer.of(null, Dispatcher.busy())).body()));
        }
    }

    /** On a worker. */
    private void work(ChannelHandlerContext ctx, Exchange exchange, byte[] content) {
        if (!ServerCore.isRpc(exchange.path())) {
            page(ctx, exchange, content);
            return;
        }
        core.calls().answer(content, exchange.scopes()::scope).whenComplete((reply, failure) -> {
            FullHttpResponse response;
            if (failure == null) {
                response = core.replies().json(reply.status(), reply.body());
            } else {
                LOG.error("an answer could not be made", failure);
                response = core.replies().of(HttpResponseStatus.INTERNAL_SERVER_ERROR, new byte[0], null);
            }
            ctx.executor().execute(() -> answer(ctx, exchange, response));
        });
    }

    /** On a worker; a long body keeps it until the caller has taken all of it. */
    private void page(ChannelHandlerContext ctx, Exchange exchange, byte[] content) {
        HttpRequest head = exchange.head();
        HttpPage page = core.page(exchange.path());
        if (page == null) {
            throw new IllegalStateException("the pages of a server never change");
        }
        FullHttpResponse response;
        try {
            HttpPage.Reply reply = page.handle(new HttpPage.Request(head.method().name(), exchange.path(),
                    exchange.uri().rawQuery(), PageHeaders.of(head.headers()), content, exchange.caller()));
            if (reply.stream() != null) {
                boolean isWhole = new LongBody(ctx, core.config().idleTimeout(), core.replies())
                        .send(reply, reply.stream(), head.method().equals(HttpMethod.HEAD), exchange.keepAlive());
                ctx.executor().execute(() -> streamed(ctx, exchange, isWhole));
                return;
            }
            response = core.replies().page(reply, head.method().equals(HttpMethod.HEAD));
        } catch (Exception e) {
            LOG.error("the page at {} failed", exchange.path(), e);
            response = core.replies().of(HttpResponseStatus.INTERNAL_SERVER_ERROR, new byte[0], null);
        }
        FullHttpResponse made = response;
        ctx.executor().execute(() -> answer(ctx, exchange, made));
    }

    /** After a long body: the next request, or the end where the caller has to see that it is not whole. */
    private void streamed(ChannelHandlerContext ctx, Exchange exchange, boolean isWhole) {
        body.release();
        current = null;
        if (!isWhole || !exchange.keepAlive()) {
            ctx.close();
            return;
        }
        closeAfter(ctx, core.config().idleTimeout());
        goOn(ctx);
    }

    private void answer(ChannelHandlerContext ctx, Exchange exchange, FullHttpResponse response) {
        body.release();
        current = null;
        write(ctx, response, exchange.keepAlive());
        if (exchange.keepAlive()) {
            goOn(ctx);
        }
    }

    /** With the request that came before its turn. */
    private void goOn(ChannelHandlerContext ctx) {
        HttpRequest next = early;
        if (next != null) {
            early = null;
            begin(ctx, next);
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void refuseTooLong(ChannelHandlerContext ctx) {
        HttpCalls.Reply reply = core.calls().reply(Answer.of(null, new RpcException(RpcError.PARSE,
                "request bigger than maximum " + core.config().maxBodyBytes() + " allowed")));
        body.release();
        current = null;
        write(ctx, core.replies().json(reply.status(), reply.body()), false);
    }

    private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String sentence) {
        body.release();
        current = null;
        write(ctx, core.replies().text(status, sentence), false);
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        closeAfter(ctx, core.config().idleTimeout()); // also ends a caller that does not read its answer
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            ending = true;
            written.addListener(done -> ctx.executor().schedule((Runnable) ctx::close, LINGER_MILLIS,
                    TimeUnit.MILLISECONDS));
        }
    }

    private static boolean isUpgrade(HttpRequest head) {
        return head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    private void closeAfter(ChannelHandlerContext ctx, Duration time) {
        cancelDeadline();
        deadline = ctx.executor().schedule(() -> {
            LOG.debug("connection from {} ended: nothing whole came in {}", ctx.channel().remoteAddress(), time);
            ctx.close();
        }, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops the clock of this connection; the WebSocket that follows has its own. */
    void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
