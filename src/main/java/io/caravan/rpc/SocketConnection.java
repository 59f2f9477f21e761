package io.caravan.rpc;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket connection: puts frames together for its session, pings, ends what is silent or too far behind. */
final class SocketConnection extends SimpleChannelInboundHandler<WebSocketFrame> implements SocketWire {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);
    private static final int PING_SECONDS = 5;
    private static final String ENDED = "the session or token has ended";
    /** One frame is buffered whole by the decoder, outside the budget; longer messages come in several frames. */
    private static final int MAX_FRAME_BYTES = 1 << 20;

    private final Channel channel;
    private final ServerCore core;
    private final Caller caller;
    private final BoundedBody message;
    private final SocketSession session;
    private long lastReadNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> pings;

    private SocketConnection(Channel channel, ServerCore core, Caller caller, int apiVersion) {
        this.channel = channel;
        this.core = core;
        this.caller = caller;
        this.message = new BoundedBody(() -> core.limits().maxBodyBytes(), core.budget());
        this.session = new SocketSession(core.dispatcher(), core.workers(), this, caller, apiVersion,
                core.limits().maxInFlight(), core.rates());
    }

    /** Answers the handshake and takes the HTTP handler's place. */
    static void upgrade(ChannelHandlerContext ctx, HttpConnection http, ServerCore core, HttpRequest head,
            Caller caller, int apiVersion) {
        WebSocketDecoderConfig frames = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(Math.min(MAX_FRAME_BYTES, core.limits().maxBodyBytes()))
                .allowExtensions(false)
                .build();
        String protocols = head.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(head.uri(), protocols, frames).newHandshaker(head);
        http.cancelDeadline();
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(ctx.channel())
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        SocketConnection connection = new SocketConnection(ctx.channel(), core, caller, apiVersion);
        ctx.pipeline().replace(http, "websocket", connection);
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(head.protocolVersion(), head.method(), head.uri(),
                Unpooled.EMPTY_BUFFER, head.headers(), io.netty.handler.codec.http.EmptyHttpHeaders.INSTANCE);
        handshaker.handshake(ctx.channel(), request);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        pings = ctx.executor().scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (pings != null) {
            pings.cancel(false);
        }
        message.release();
        session.onClosed();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("WebSocket from {} ended: {}", channel.remoteAddress(), cause.toString());
        ctx.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // A caller that does not read its answers is not listened to until it does.
        channel.config().setAutoRead(channel.isWritable());
        if (channel.isWritable()) {
            session.onWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        lastReadNanos = System.nanoTime();
        if (frame instanceof CloseWebSocketFrame close) {
            ctx.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
        } else if (frame instanceof PingWebSocketFrame) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
        } else if (frame instanceof BinaryWebSocketFrame) {
            close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "messages are text");
        } else if (!(frame instanceof PongWebSocketFrame)) {
            collect(frame);
        }
    }

    private void collect(WebSocketFrame frame) {
        switch (message.add(frame.content())) {
            case TOO_LONG -> close(WebSocketCloseStatus.MESSAGE_TOO_BIG, "the message is too long");
            case BUSY -> close(WebSocketCloseStatus.TRY_AGAIN_LATER, "the node is busy");
            case FITS -> {
                if (frame.isFinalFragment() && hasEnded()) {
                    close(WebSocketCloseStatus.POLICY_VIOLATION, ENDED);
                } else if (frame.isFinalFragment()) {
                    core.gate().used(caller);
                    byte[] text = message.finish();
                    message.release();
                    session.onMessage(text);
                }
            }
        }
    }

    private boolean hasEnded() {
        return !core.gate().holds(caller);
    }

    private void ping() {
        if (System.nanoTime() - lastReadNanos > core.limits().idleTimeout().toNanos()) {
            LOG.debug("WebSocket from {} ended: nothing came for {}", channel.remoteAddress(),
                    core.limits().idleTimeout());
            channel.close();
        } else if (hasEnded()) {
            close(WebSocketCloseStatus.POLICY_VIOLATION, ENDED);
        } else {
            channel.writeAndFlush(new PingWebSocketFrame());
        }
    }

    private void close(WebSocketCloseStatus status, String reason) {
        message.release();
        channel.writeAndFlush(new CloseWebSocketFrame(status, reason)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void send(byte[] text) {
        channel.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)));
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }
}
