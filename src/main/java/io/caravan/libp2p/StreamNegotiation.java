package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A new stream until both sides agree on its protocol, bounded in time as a whole. */
final class StreamNegotiation implements Receiver {

    /** What becomes of the stream. Exactly one of the two is called, once. */
    interface Outcome {

        /** Agreed. Returns who receives from here on; null to leave a stream that was reset. */
        @Nullable Receiver decided(YamuxStream stream, String protocol);

        /** No agreement; the stream is dead. */
        void failed(RuntimeException why);
    }

    private final YamuxStream stream;
    private final Negotiation negotiation;
    private final Outcome outcome;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;

    StreamNegotiation(YamuxStream stream, Negotiation negotiation, Outcome outcome) {
        this.stream = stream;
        this.negotiation = negotiation;
        this.outcome = outcome;
    }

    void start(Duration limit) {
        stream.receiver(this);
        ByteBuf words = Unpooled.buffer(64);
        negotiation.start(words);
        stream.say(words);
        deadline = stream.later(limit.toMillis(), TimeUnit.MILLISECONDS, () -> give(YamuxFrame.NEGOTIATION_FAILED,
                new StreamTimeoutException("no agreement on a protocol within " + limit.toMillis() + " ms")));
    }

    @Override
    public void data(ByteBuf lent) {
        int before = lent.readableBytes();
        ByteBuf words = Unpooled.buffer(64);
        boolean ended;
        try {
            ended = negotiation.feed(lent, words);
        } catch (PeerMisbehavedException e) {
            give(YamuxFrame.NEGOTIATION_FAILED, e);
            return;
        }
        stream.say(words);
        stream.consumed(before - lent.readableBytes());
        if (!ended) {
            return;
        }
        String protocol = negotiation.selected();
        if (protocol == null) {
            give(0, new NoCommonProtocolException());
            return;
        }
        conclude();
        Receiver next = outcome.decided(stream, protocol);
        if (next != null) {
            stream.receiver(next);
            if (lent.isReadable()) {
                next.data(lent);
            }
        }
    }

    /** No proposal was taken; who knows the peer's name makes a {@link ProtocolUnsupportedException} of it. */
    static final class NoCommonProtocolException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoCommonProtocolException() {
            super("none of the protocols is spoken there", null, false, false);
        }
    }

    @Override
    public void end() {
        give(0, new StreamResetException("the peer closed the stream before a protocol was agreed on", 0));
    }

    @Override
    public void failed(StreamResetException why) {
        if (!over) {
            conclude();
            outcome.failed(why);
        }
    }

    private void give(int code, RuntimeException why) {
        if (!over) {
            conclude();
            stream.reset(code);
            outcome.failed(why);
        }
    }

    private void conclude() {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
