package io.caravan.rpc;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an answer that is too long to be held, a chunk at a time: the next is read, on a worker, when the last one is out. No
 * thread waits for a slow caller, and one who is slower than {@link #SLOWEST} is left.
 */
final class LongBody {
    private static final Logger LOG = LoggerFactory.getLogger(LongBody.class);
    /** Answers no longer than this go out whole. */
    static final int CHUNK = 64 << 10;
    /** In bytes a second, over the whole body; the patience comes on top. */
    private static final long SLOWEST = 16 << 10;
    private static final int BUSY_MILLIS = 50;

    private final ChannelHandlerContext ctx;
    private final Executor workers;
    private final HttpPage.Stream stream;
    private final Duration patience;
    private final Consumer<Boolean> done;
    private final long begun = System.nanoTime();
    private long sent;
    private @Nullable ScheduledFuture<?> deadline;

    /**
     * @param patience a caller who takes nothing for so long is left
     * @param done told on the event loop, once, when the stream is closed: whether all of it went out; a caller who did not get
     *     all must lose the connection
     */
    LongBody(ChannelHandlerContext ctx, Executor workers, HttpPage.Stream stream, Duration patience, Consumer<Boolean> done) {
        this.ctx = ctx;
        this.workers = workers;
        this.stream = stream;
        this.patience = patience;
        this.done = done;
    }

    /** On a worker: begins, and returns before the caller has taken it. */
    void send(HttpPage.Reply reply, HttpReplies replies, boolean isHeadOnly, boolean keepAlive) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, stream.length());
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        HttpUtil.setKeepAlive(head, keepAlive);
        try {
            replies.guard(head.headers(), reply);
        } catch (IllegalArgumentException e) {
            LOG.error("a long answer has a header that is none", e);
            end(false);
            return;
        }
        if (isHeadOnly) {
            sent = stream.length();
        }
        write(head);
    }

    /** When a caller has to have taken so many bytes, as {@link System#nanoTime} counts. */
    static long due(long begun, long now, long sent, Duration patience) {
        return Math.min(now, begun + TimeUnit.SECONDS.toNanos(sent / SLOWEST)) + patience.toNanos();
    }

    private void write(Object part) {
        ctx.executor().execute(() -> {
            long now = System.nanoTime();
            deadline = ctx.executor().schedule(this::leave, due(begun, now, sent, patience) - now, TimeUnit.NANOSECONDS);
            ctx.writeAndFlush(part).addListener(written -> {
                deadline.cancel(false);
                written((ChannelFuture) written, part == LastHttpContent.EMPTY_LAST_CONTENT);
            });
        });
    }

    private void leave() {
        LOG.debug("a long answer to {} is taken too slowly: {} bytes in {} s", ctx.channel().remoteAddress(), sent,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        ctx.close();
    }

    private void written(ChannelFuture written, boolean isLast) {
        if (isLast || !written.isSuccess()) {
            end(written.isSuccess());
        } else {
            next();
        }
    }

    private void next() {
        try {
            workers.execute(this::read);
        } catch (RejectedExecutionException e) {
            if (ctx.channel().isActive()) {
                ctx.executor().schedule(this::next, BUSY_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                end(false);
            }
        }
    }

    private void read() {
        try {
            long left = stream.length() - sent;
            if (left == 0) {
                write(LastHttpContent.EMPTY_LAST_CONTENT);
                return;
            }
            byte[] chunk = stream.bytes().readNBytes((int) Math.min(CHUNK, left));
            if (chunk.length == 0) {
                throw new EOFException("the body is " + left + " bytes too short");
            }
            sent += chunk.length;
            write(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk)));
        } catch (IOException e) {
            LOG.debug("a long answer to {} broke off: {}", ctx.channel().remoteAddress(), e.getMessage());
            end(false);
        } catch (RuntimeException e) {
            LOG.error("a long answer to {} broke off", ctx.channel().remoteAddress(), e);
            end(false);
        }
    }

    private void end(boolean isWhole) {
        try {
            stream.bytes().close();
        } catch (IOException e) {
            LOG.debug("what a long answer was read from does not close: {}", e.getMessage());
        }
        ctx.executor().execute(() -> done.accept(isWhole));
    }
}
