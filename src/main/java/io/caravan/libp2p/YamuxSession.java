package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * yamux on one connection (spec libp2p 1.6): opens and accepts streams, frames what they send in turn, and ends the
 * connection when the peer breaks a rule. Reading from the socket never stops for a slow stream; only that stream's
 * window does.
 */
final class YamuxSession extends ChannelInboundHandlerAdapter implements YamuxParser.Sink {

    /** Decides about streams that the peer opens, and hears of the end. */
    interface Owner {

        /** Gives the stream a receiver, or refuses it. */
        boolean accept(YamuxStream stream);

        void closed(String why);
    }

    /** Frames that the peer caused us to send while it does not read; beyond that it means harm. */
    private static final int MAX_UNREAD_CONTROL = 512;
    private static final int MAX_UNREAD_PONGS = 64;
    /** One stream's turn when others wait. */
    private static final int TURN = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(YamuxSession.class);

    private final boolean client;
    private final Limits limits;
    private final WindowBudget budget;
    private final Owner owner;
    private final KeepAlive keepAlive;
    private final YamuxParser parser;
    private final IntObjectMap<YamuxStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<YamuxStream> ready = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext ctx;
    private int nextId;
    private int inbound;
    private int unreadControl;
    private boolean reading;
    private volatile boolean closed;
    private volatile int streamCount;

    YamuxSession(boolean client, Limits limits, Deadlines deadlines, WindowBudget budget, Owner owner) {
        this.client = client;
        this.limits = limits;
        this.budget = budget;
        this.owner = owner;
        this.nextId = client ? 1 : 2;
        this.keepAlive = new KeepAlive(this, deadlines);
        this.parser = new YamuxParser(this, limits.windows().receivePerStream());
    }

    // ---- Netty's side

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        keepAlive.start(context.executor());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        reading = true;
        try {
            keepAlive.heard();
            if (!closed) {
                parser.feed(in);
            }
        } catch (PeerMisbehavedException e) {
            abort(YamuxFrame.PROTOCOL_ERROR, e.getMessage());
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        drain();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = context.channel().isWritable();
        keepAlive.writable(writable);
        if (writable) {
            unreadControl = 0;
            drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("the connection is gone");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection {} ends: {}", context.channel().remoteAddress(), cause.toString());
        abort(YamuxFrame.PROTOCOL_ERROR, String.valueOf(cause.getMessage()));
    }

    // ---- the parser's side

    @Override
    public @Nullable YamuxStream onOpen(int id) {
        boolean fromClient = (id & 1) == 1;
        if (id == 0 || fromClient == client) {
            throw new PeerMisbehavedException("the peer opened stream " + id + ", which is not its to open");
        }
        if (streams.containsKey(id)) {
            throw new PeerMisbehavedException("the peer opened stream " + id + " twice");
        }
        if (inbound >= limits.streams().inboundPerConnection() || !budget.charge(YamuxFrame.INITIAL_WINDOW)) {
            control(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST, id, YamuxFrame.RESOURCE_LIMIT);
            return null;
        }
        YamuxStream stream = add(id, true);
        control(YamuxFrame.WINDOW_UPDATE, YamuxFrame.ACK, id, 0);
        if (!owner.accept(stream)) {
            stream.reset(YamuxFrame.RESOURCE_LIMIT);
            return null;
        }
        return stream;
    }

    @Override
    public @Nullable YamuxStream stream(int id) {
        return streams.get(id);
    }

    @Override
    public void onPing(boolean answer, int value) {
        if (answer) {
            keepAlive.answered(value);
        } else if (unreadControl < MAX_UNREAD_PONGS) {
            control(YamuxFrame.PING, YamuxFrame.ACK, 0, value);
        }
    }

    @Override
    public void onGoAway(int code) {
        end("the peer said goodbye (" + code + ")");
        context().close();
    }

    // ---- the streams' side, on the Netty thread

    /** A stream of our own, already announced to the peer; null if no more may be open. */
    @Nullable YamuxStream open() {
        if (closed || streams.size() - inbound >= limits.streams().outboundPerConnection() || nextId < 0
                || !budget.charge(YamuxFrame.INITIAL_WINDOW)) {
            return null;
        }
        YamuxStream stream = add(nextId, false);
        nextId += 2;
        control(YamuxFrame.WINDOW_UPDATE, YamuxFrame.SYN, stream.id, 0);
        return stream;
    }

    private YamuxStream add(int id, boolean fromPeer) {
        YamuxStream stream =
                new YamuxStream(this, id, fromPeer, new SendQueue(context().alloc(), limits.windows().sendQueue()));
        streams.put(id, stream);
        inbound += fromPeer ? 1 : 0;
        streamCount = streams.size();
        keepAlive.used();
        return stream;
    }

    void remove(YamuxStream stream) {
        if (streams.remove(stream.id) != null) {
            inbound -= stream.inbound ? 1 : 0;
            streamCount = streams.size();
            budget.release(stream.window());
            keepAlive.used();
            stream.release();
        }
    }

    void schedule(YamuxStream stream) {
        if (!stream.ready && stream.canSend()) {
            stream.ready = true;
            ready.addLast(stream);
        }
        flushSoon();
    }

    /** At the end of the read that is going on, else now. */
    void flushSoon() {
        if (!reading) {
            drain();
        }
    }

    private void drain() {
        while (!closed && !ready.isEmpty() && context().channel().isWritable()) {
            YamuxStream stream = ready.removeFirst();
            stream.ready = false;
            if (stream.canSend()) {
                stream.send(ready.isEmpty() ? YamuxFrame.MAX_BODY : TURN);
                if (stream.canSend()) {
                    stream.ready = true;
                    ready.addLast(stream);
                }
            }
        }
        context().flush();
    }

    void control(int type, int flags, int id, int length) {
        if (closed) {
            return;
        }
        write(type, flags, id, length);
        if (type == YamuxFrame.DATA || context().channel().isWritable()) {
            return;
        }
        context().flush(); // it may be only that nothing was flushed within this read
        if (!context().channel().isWritable() && ++unreadControl > MAX_UNREAD_CONTROL) {
            abort(YamuxFrame.NORMAL, "the peer makes us answer and does not read");
        }
    }

    private void write(int type, int flags, int id, int length) {
        context().write(YamuxFrame.header(context().alloc(), type, flags, id, length), context().voidPromise());
    }

    void body(ByteBuf piece) {
        context().write(piece, context().voidPromise());
    }

    // ---- the end

    /** Says goodbye with a code and closes. */
    void abort(int code, String why) {
        if (!closed) {
            write(YamuxFrame.GO_AWAY, 0, 0, code);
            end(why);
            context().flush();
        }
        context().close();
    }

    private void end(String why) {
        if (closed) {
            return;
        }
        closed = true;
        keepAlive.stop();
        for (YamuxStream stream : new ArrayList<>(streams.values())) {
            stream.die(new StreamResetException("the connection ended: " + why, 0));
        }
        ready.clear();
        owner.closed(why);
    }

    // ---- from any thread

    int streamCount() {
        return streamCount;
    }

    long roundTripNanos() {
        return keepAlive.roundTripNanos();
    }

    WindowBudget budget() {
        return budget;
    }

    boolean isClosed() {
        return closed;
    }

    boolean inLoop() {
        return context().executor().inEventLoop();
    }

    void onLoop(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            try {
                context().executor().execute(task);
            } catch (RejectedExecutionException e) {
                LOG.trace("the host is closed, nothing to do for its streams");
            }
        }
    }

    ChannelHandlerContext context() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
