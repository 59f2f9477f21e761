package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates on a connection itself: first the security, then the multiplexer. When it is decided, the callback builds
 * the next layer behind this handler, this handler leaves, and bytes that came after the decisive word go on to the
 * next layer.
 */
final class MssHandler extends ChannelInboundHandlerAdapter {

    private final Negotiation negotiation;
    private final BiConsumer<ChannelHandlerContext, @Nullable String> decided;
    private boolean begun;
    private boolean over;

    MssHandler(Negotiation negotiation, BiConsumer<ChannelHandlerContext, @Nullable String> decided) {
        this.negotiation = negotiation;
        this.decided = decided;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    private void begin(ChannelHandlerContext ctx) {
        if (begun) {
            return; // an accepted socket is active when we come and is told so once more
        }
        begun = true;
        ByteBuf out = ctx.alloc().buffer(64);
        negotiation.start(out);
        ctx.writeAndFlush(out, ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        if (over) {
            ctx.fireChannelRead(in);
            return;
        }
        ByteBuf out = Unpooled.buffer(64);
        try {
            over = negotiation.feed(in, out);
            if (out.isReadable()) {
                ctx.writeAndFlush(out.retain(), ctx.voidPromise());
            }
            if (over) {
                decided.accept(ctx, negotiation.selected());
                if (in.isReadable() && ctx.channel().isActive()) {
                    ctx.fireChannelRead(in.retain());
                }
                if (!ctx.isRemoved()) {
                    ctx.pipeline().remove(this);
                }
            }
        } finally {
            out.release();
            in.release();
        }
    }
}
