package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes of one connection as they are on the wire, for itself and for the host. */
final class Traffic extends ChannelDuplexHandler {

    /** The host's sums. */
    record Totals(LongAdder in, LongAdder out) {}

    private final Totals totals;
    private volatile long in;
    private volatile long out;

    Traffic(Totals totals) {
        this.totals = totals;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        int bytes = ((ByteBuf) msg).readableBytes();
        in += bytes;
        totals.in().add(bytes);
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        int bytes = ((ByteBuf) msg).readableBytes();
        out += bytes;
        totals.out().add(bytes);
        ctx.write(msg, promise);
    }

    HostStats.Traffic now() {
        return new HostStats.Traffic(in, out);
    }
}
