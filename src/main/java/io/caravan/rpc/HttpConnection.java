package io.caravan.rpc;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
    private final Entrance entrance;

    private @Nullable Exchange current;
    /** A request that came before the last one was answered; reading stops while it waits. */
    private @Nullable HttpRequest early;
    private @Nullable ScheduledFuture<?> deadline;
    /** The last answer is out: what still comes is read and thrown away, so that the caller gets to see it. */
    private boolean ending;

    /** One request being collected or answered. */
    private record Exchange(Entrance.Admitted request, boolean keepAlive, boolean[] dispatched, CallScopes scopes) {}

    HttpConnection(ServerCore core) {
        this.core = core;
        this.entrance = new Entrance(core);
        this.body = new BoundedBody(() -> core.limits().maxBodyBytes(), core.budget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        closeAfter(ctx, core.limits().idleTimeout());
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
        Entrance.Verdict verdict = entrance.judge(ctx.channel(), head);
        if (verdict.admitted() == null) {
            end(ctx, Objects.requireNonNull(verdict.refusal()));
            return;
        }
        Entrance.Admitted admitted = verdict.admitted();
        current = new Exchange(admitted, HttpUtil.isKeepAlive(head), new boolean[1],
                new CallScopes(admitted.caller(), ServerCore.apiVersion(admitted.path())));
        closeAfter(ctx, core.limits().bodyTimeout());
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
            case TOO_LONG -> end(ctx, entrance.tooLong());
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
        Entrance.Admitted request = exchange.request();
        if (request.isRpc() && request.isUpgrade()) {
            SocketConnection.upgrade(ctx, this, core, request.head(), request.caller(),
                    ServerCore.apiVersion(request.path()));
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
        if (!exchange.request().isRpc()) {
            page(ctx, exchange, content);
            return;
        }
        core.calls().answer(content, exchange.scopes()::scope, more -> core.rates().take(exchange.request().caller(), more)).whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.error("an answer could not be made", failure);
                failed(ctx, exchange);
            } else if (reply.retryAfter() > 0) {
                FullHttpResponse tooMany = core.replies().tooMany(reply.body(), reply.retryAfter());
                ctx.executor().execute(() -> answer(ctx, exchange, tooMany));
            } else {
                send(ctx, exchange, new HttpPage.Reply(reply.status(), "application/json", Map.of(), reply.body()));
            }
        });
    }

    /** On a worker, which no caller keeps by taking the answer slowly. */
    private void page(ChannelHandlerContext ctx, Exchange exchange, byte[] content) {
        HttpRequest head = exchange.request().head();
        HttpPage page = core.page(exchange.request().path());
        if (page == null) {
            throw new IllegalStateException("the pages of a server never change");
        }
        try {
            send(ctx, exchange, page.handle(new HttpPage.Request(head.method().name(), exchange.request().path(),
                    exchange.request().uri().rawQuery(), PageHeaders.of(head.headers()), content, exchange.request().caller())));
        } catch (Exception e) {
            LOG.error("the page at {} failed", exchange.request().path(), e);
            failed(ctx, exchange);
        }
    }

    /** A long answer goes out in parts: a caller who does not take it has one part of the memory outside the heap, not all of it. */
    private void send(ChannelHandlerContext ctx, Exchange exchange, HttpPage.Reply reply) {
        boolean isHeadOnly = exchange.request().head().method().equals(HttpMethod.HEAD);
        HttpPage.Stream stream = reply.stream() == null && reply.body().length > LongBody.CHUNK
                ? new HttpPage.Stream(new ByteArrayInputStream(reply.body()), reply.body().length) : reply.stream();
        if (stream != null) {
            new LongBody(ctx, core.workers(), stream, core.limits().idleTimeout(), isWhole -> streamed(ctx, exchange, isWhole))
                    .send(reply, core.replies(), isHeadOnly, exchange.keepAlive());
            return;
        }
        FullHttpResponse response = core.replies().page(reply, isHeadOnly);
        ctx.executor().execute(() -> answer(ctx, exchange, response));
    }

    private void failed(ChannelHandlerContext ctx, Exchange exchange) {
        FullHttpResponse response = core.replies().of(HttpResponseStatus.INTERNAL_SERVER_ERROR, new byte[0], null);
        ctx.executor().execute(() -> answer(ctx, exchange, response));
    }

    /** After a long body: the next request, or the end where the caller has to see that it is not whole. */
    private void streamed(ChannelHandlerContext ctx, Exchange exchange, boolean isWhole) {
        body.release();
        current = null;
        if (!isWhole || !exchange.keepAlive()) {
            ctx.close();
            return;
        }
        closeAfter(ctx, core.limits().idleTimeout());
        goOn(ctx);
    }

    /** The next request is looked at when this answer is out: answers that nobody takes do not pile up. */
    private void answer(ChannelHandlerContext ctx, Exchange exchange, FullHttpResponse response) {
        body.release();
        ChannelFuture written = write(ctx, response, exchange.keepAlive());
        if (exchange.keepAlive()) {
            written.addListener(out -> {
                current = null;
                if (out.isSuccess()) {
                    goOn(ctx);
                }
            });
        } else {
            current = null;
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

    private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String sentence) {
        end(ctx, core.replies().text(status, sentence));
    }

    /** The last answer on this connection. */
    private void end(ChannelHandlerContext ctx, FullHttpResponse response) {
        body.release();
        current = null;
        write(ctx, response, false);
    }

    private ChannelFuture write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        closeAfter(ctx, core.limits().idleTimeout()); // also ends a caller that does not read its answer
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            ending = true;
            written.addListener(done -> ctx.executor().schedule((Runnable) ctx::close, LINGER_MILLIS,
                    TimeUnit.MILLISECONDS));
        }
        return written;
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
