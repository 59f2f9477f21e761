package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the Noise handshake on a connection: frames of {@code uint16 length ‖ message}, the computing on a pool of its
 * own so that a flood of handshakes does not stall the data of others. At its end it puts {@link NoiseTransport} behind
 * itself and leaves.
 */
final class NoiseHandshake extends ChannelInboundHandlerAdapter {

    /** Long enough for an RSA identity with its signature and every extension in use. */
    private static final int MAX_MESSAGE = 16 * 1024;

    /** Who the peer proved to be, and the multiplexers it named early. */
    record Result(PeerId peer, List<String> muxers) {}

    /** Hears the end of the handshake, with the transport in place behind {@code ctx}. */
    interface Done {
        void done(ChannelHandlerContext ctx, Result result);
    }

    private final NoiseXX noise;
    private final boolean initiator;
    private final @Nullable PeerId expected;
    private final Supplier<byte[]> payload;
    private final Executor computing;
    private final Done done;
    private @Nullable ByteBuf pending;
    private @Nullable Result result;
    private boolean busy;
    private boolean failed;

    /** @param expected whom we dialed; null for an accepted connection */
    NoiseHandshake(NoiseXX noise, boolean initiator, @Nullable PeerId expected, Supplier<byte[]> payload,
            Executor computing, Done done) {
        this.noise = noise;
        this.initiator = initiator;
        this.expected = expected;
        this.payload = payload;
        this.computing = computing;
        this.done = done;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        pending = ctx.alloc().buffer(512, 1 << 20);
        if (initiator) {
            send(ctx, noise.write(new byte[0]));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (pending != null) {
            ByteBuf rest = pending;
            pending = null;
            if (rest.isReadable() && result != null) {
                ctx.fireChannelRead(rest);
                ctx.fireChannelReadComplete();
            } else {
                rest.release();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (!failed && pending != null) {
                if (pending.readableBytes() + in.readableBytes() > 1 << 19) {
                    throw new PeerMisbehavedException("the peer sends before the handshake is over");
                }
                pending.writeBytes(in);
            }
        } finally {
            ReferenceCountUtil.release(in);
        }
        advance(ctx);
    }

    private void advance(ChannelHandlerContext ctx) {
        ByteBuf in = pending;
        if (busy || failed || in == null || in.readableBytes() < 2) {
            return;
        }
        int length = in.getUnsignedShort(in.readerIndex());
        if (length > MAX_MESSAGE) {
            fail(ctx, new PeerMisbehavedException("a handshake message of " + length + " bytes"));
            return;
        }
        if (in.readableBytes() < 2 + length) {
            return;
        }
        byte[] message = ByteBufUtil.getBytes(in.skipBytes(2), in.readerIndex(), length);
        in.skipBytes(length).discardSomeReadBytes();
        busy = true;
        ctx.channel().config().setAutoRead(false);
        try {
            computing.execute(() -> compute(ctx, message));
        } catch (RejectedExecutionException e) {
            fail(ctx, new PeerMisbehavedException("too many handshakes at once"));
        }
    }

    private void compute(ChannelHandlerContext ctx, byte[] message) {
        try {
            byte[] read = noise.read(message);
            Result who = who(read);
            byte[] answer = noise.done() ? null : noise.write(payload.get());
            boolean over = noise.done();
            ctx.executor().execute(() -> computed(ctx, who, answer, over));
        } catch (RuntimeException e) {
            ctx.executor().execute(() -> fail(ctx, e));
        }
    }

    private @Nullable Result who(byte[] read) {
        byte[] fixed = noise.remoteStatic();
        if (fixed.length == 0) {
            return null; // the first message proves nothing, whatever its payload
        }
        NoisePayload verified = NoisePayload.verified(read, fixed);
        PeerId peer = PeerId.of(verified.identity());
        if (expected != null && !expected.equals(peer)) {
            throw new PeerMisbehavedException("another peer answers there: " + peer);
        }
        return new Result(peer, verified.muxers());
    }

    private void computed(ChannelHandlerContext ctx, @Nullable Result who, byte @Nullable [] answer, boolean over) {
        busy = false;
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        if (who != null) {
            result = who;
        }
        if (answer != null) {
            send(ctx, answer);
        }
        if (over && result != null) {
            ctx.pipeline().addAfter(ctx.name(), "noise", new NoiseTransport(noise.sender(), noise.receiver()));
            done.done(ctx, result);
            ctx.pipeline().remove(this);
            ctx.channel().config().setAutoRead(true);
            return;
        }
        ctx.channel().config().setAutoRead(true);
        advance(ctx);
    }

    private void fail(ChannelHandlerContext ctx, RuntimeException why) {
        if (!failed) {
            failed = true;
            ctx.fireExceptionCaught(why);
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause instanceof RuntimeException e ? e : new PeerMisbehavedException("the handshake broke", cause));
    }

    private static void send(ChannelHandlerContext ctx, byte[] message) {
        ByteBuf out = ctx.alloc().buffer(2 + message.length).writeShort(message.length).writeBytes(message);
        ctx.writeAndFlush(out, ctx.voidPromise());
    }
}
