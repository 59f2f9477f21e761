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
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an answer that is too long to be held, a chunk at a time: the next is read when the last one is out. */
final class LongBody {
    private static final Logger LOG = LoggerFactory.getLogger(LongBody.class);
    private static final int CHUNK = 256 << 10;

    private final ChannelHandlerContext ctx;
    private final Duration patience;
    private final HttpReplies replies;

    /** @param patience a caller who takes nothing for so long is left */
    LongBody(ChannelHandlerContext ctx, Duration patience, HttpReplies replies) {
        this.ctx = ctx;
        this.patience = patience;
        this.replies = replies;
    }

    /** On a worker: whether all of it went out; a caller who did not get all must lose the connection. */
    boolean send(HttpPage.Reply reply, HttpPage.Stream stream, boolean isHeadOnly, boolean keepAlive) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, stream.length());
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
        HttpUtil.setKeepAlive(head, keepAlive);
        try (InputStream bytes = stream.bytes()) {
            replies.guard(head.headers(), reply.headers());
            write(head);
            long left = isHeadOnly ? 0 : stream.length();
            while (left > 0) {
                byte[] chunk = bytes.readNBytes((int) Math.min(CHUNK, left));
                if (chunk.length == 0) {
                    throw new EOFException("the body is " + left + " bytes too short");
                }
                write(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk)));
                left -= chunk.length;
            }
            write(LastHttpContent.EMPTY_LAST_CONTENT);
            return true;
        } catch (IOException e) {
            LOG.debug("a long answer to {} broke off: {}", ctx.channel().remoteAddress(), e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.error("a long answer to {} broke off", ctx.channel().remoteAddress(), e);
            return false;
        }
    }

    private void write(Object part) throws IOException, InterruptedException {
        ChannelFuture written = ctx.writeAndFlush(part);
        if (!written.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the caller took nothing for " + patience.toSeconds() + " s");
        }
        if (!written.isSuccess()) {
            throw new IOException("the connection ended");
        }
    }
}
