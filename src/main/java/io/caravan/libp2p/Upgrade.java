package io.caravan.libp2p;

import io.caravan.crypto.AeadProvider;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.X25519;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a TCP connection a secured one that carries streams: multistream-select, Noise, yamux by early negotiation
 * or else by multistream-select again. The whole has one deadline that no byte extends.
 */
final class Upgrade {

    static final String NOISE = "/noise";
    static final String YAMUX = "/yamux/1.0.0";

    /** Takes the connection when it is ready, before the first frame of the peer is looked at. */
    interface Ready {
        YamuxSession ready(Channel channel, PeerId peer);
    }

    private final AeadProvider aeads;
    private final SecureRandom random;
    private final NoiseXX.Pair fixed;
    /** The same for every handshake, as is the static key: saves a signature each time. */
    private final byte[] payload;
    private final Executor computing;
    private final Duration limit;

    Upgrade(PrivKey identity, AeadProvider aeads, SecureRandom random, Executor computing, Duration limit) {
        this.aeads = aeads;
        this.random = random;
        this.computing = computing;
        this.limit = limit;
        this.fixed = NoiseXX.Pair.of(X25519.generate(random));
        this.payload = NoisePayload.encode(identity, fixed.shared(), List.of(YAMUX));
    }

    /** The future ends on the channel's Netty thread; if it fails the channel is closed. */
    CompletableFuture<Void> begin(Channel channel, boolean inbound, @Nullable PeerId expected, Ready ready) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Watch watch = new Watch(done, limit);
        Negotiation security = inbound ? new MssResponder(NOISE::equals) : new MssInitiator(List.of(NOISE));
        channel.pipeline().addLast("watch", watch);
        channel.pipeline().addBefore("watch", "security", new MssHandler(security, (ctx, agreed) -> {
            require(agreed, NOISE);
            NoiseXX noise = new NoiseXX(aeads, !inbound, fixed, NoiseXX.Pair.of(X25519.generate(random)), new byte[0]);
            ctx.pipeline().addAfter(ctx.name(), "handshake",
                    new NoiseHandshake(noise, !inbound, expected, () -> payload, computing,
                    (at, result) -> multiplex(at, inbound, result, watch, ready)));
        }));
        return done;
    }

    private void multiplex(ChannelHandlerContext at, boolean inbound, NoiseHandshake.Result result, Watch watch,
            Ready ready) {
        if (result.muxers().contains(YAMUX)) {
            finish(at.channel(), result.peer(), watch, ready);
            return;
        }
        Negotiation muxer = inbound ? new MssResponder(YAMUX::equals) : new MssInitiator(List.of(YAMUX));
        at.pipeline().addBefore("watch", "muxer", new MssHandler(muxer, (ctx, agreed) -> {
            require(agreed, YAMUX);
            finish(ctx.channel(), result.peer(), watch, ready);
        }));
    }

    private static void finish(Channel channel, PeerId peer, Watch watch, Ready ready) {
        channel.pipeline().addBefore("watch", "yamux", ready.ready(channel, peer));
        watch.done();
    }

    private static void require(@Nullable String agreed, String wanted) {
        if (!wanted.equals(agreed)) {
            throw new PeerMisbehavedException("the peer does not speak " + wanted);
        }
    }

    /** Sits behind all others until the upgrade is over and tells why it failed. */
    private static final class Watch extends ChannelInboundHandlerAdapter {

        private final CompletableFuture<Void> done;
        private final Duration limit;
        private @Nullable ChannelHandlerContext ctx;
        private @Nullable Future<?> deadline;

        Watch(CompletableFuture<Void> done, Duration limit) {
            this.done = done;
            this.limit = limit;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            ctx = context;
            deadline = context.executor().schedule(() -> fail(new PeerMisbehavedException(
                    "no handshake within " + limit.toMillis() + " ms")), limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        void done() {
            if (ctx != null) {
                ctx.pipeline().remove(this);
            }
            done.complete(null);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(new PeerMisbehavedException("the peer closed the connection during the handshake"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }

        private void fail(Throwable why) {
            done.completeExceptionally(why);
            if (ctx != null) {
                ctx.close();
            }
        }
    }
}
