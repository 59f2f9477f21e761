package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Noise after the handshake: {@code uint16 length ‖ AEAD(plain)} both ways (spec libp2p 1.4). Outgoing writes gather in
 * one record until a flush or until it is full; incoming records go on as one buffer each.
 *
 * <p>Every buffer that the cipher sees has an array of its own: Conscrypt's native code copies arrays whole, in and
 * back out, which would overwrite what other threads keep in the shared array of a pooled buffer.
 */
final class NoiseTransport extends ChannelDuplexHandler {

    static final int TAG = 16;
    static final int MAX_RECORD = 65535;
    static final int MAX_PLAIN = MAX_RECORD - TAG;

    private final NoiseCipher sender;
    private final NoiseCipher receiver;
    /** Ciphertext of a record that has not come whole, with its length; grows with what arrives. */
    private @Nullable ByteBuf partial;
    /** Plaintext that waits for a flush. */
    private @Nullable ByteBuf plain;

    NoiseTransport(NoiseCipher sender, NoiseCipher receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            while (in.isReadable() && ctx.channel().isOpen()) {
                if (partial == null) {
                    partial = Unpooled.buffer(Math.min(in.readableBytes(), 2 + MAX_RECORD), 2 + MAX_RECORD);
                }
                if (fill(partial, in)) {
                    ByteBuf record = partial;
                    partial = null;
                    open(ctx, record);
                }
            }
        } finally {
            in.release();
        }
    }

    /** Moves bytes of one record over; true when it is whole. */
    private static boolean fill(ByteBuf record, ByteBuf in) {
        int have = record.readableBytes();
        if (have < 2) {
            record.writeBytes(in, Math.min(2 - have, in.readableBytes()));
            if (record.readableBytes() < 2) {
                return false;
            }
        }
        int wanted = 2 + record.getUnsignedShort(record.readerIndex());
        record.writeBytes(in, Math.min(wanted - record.readableBytes(), in.readableBytes()));
        return record.readableBytes() == wanted;
    }

    private void open(ChannelHandlerContext ctx, ByteBuf record) {
        ByteBuf out = null;
        try {
            int length = record.readableBytes() - 2;
            if (length < TAG) {
                throw new PeerMisbehavedException("a Noise record of " + length + " bytes");
            }
            out = Unpooled.buffer(length);
            int from = record.arrayOffset() + record.readerIndex() + 2;
            int plainBytes = receiver.open(NoiseCipher.NO_DATA, record.array(), from, length, out.array(),
                    out.arrayOffset());
            out.writerIndex(plainBytes);
            if (plainBytes > 0) {
                ctx.fireChannelRead(out.retain());
            }
        } finally {
            record.release();
            if (out != null) {
                out.release();
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf in = (ByteBuf) msg;
        try {
            while (in.isReadable()) {
                if (plain == null) {
                    plain = Unpooled.buffer(Math.min(Math.max(256, in.readableBytes()), MAX_PLAIN), MAX_PLAIN);
                }
                plain.writeBytes(in, Math.min(in.readableBytes(), MAX_PLAIN - plain.readableBytes()));
                if (plain.readableBytes() == MAX_PLAIN) {
                    seal(ctx);
                }
            }
        } finally {
            in.release();
        }
        if (!promise.isVoid()) {
            promise.trySuccess();
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        seal(ctx);
        ctx.flush();
    }

    private void seal(ChannelHandlerContext ctx) {
        ByteBuf in = plain;
        if (in == null) {
            return;
        }
        plain = null;
        ByteBuf out = Unpooled.buffer(2 + in.readableBytes() + TAG);
        try {
            int length = in.readableBytes() + TAG;
            out.writeShort(length);
            sender.seal(NoiseCipher.NO_DATA, in.array(), in.arrayOffset() + in.readerIndex(), in.readableBytes(),
                    out.array(),
                    out.arrayOffset() + 2);
            out.writerIndex(2 + length);
            ctx.write(out.retain(), ctx.voidPromise());
        } finally {
            in.release();
            out.release();
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        seal(ctx);
        ctx.flush();
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (plain != null) {
            plain.release();
            plain = null;
        }
    }
}
