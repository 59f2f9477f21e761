package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One yamux stream: its windows, its two ends, and what waits to be sent. Its state belongs to the connection's Netty
 * thread; only the methods that say so may be called from elsewhere.
 *
 * <p>The peer's window is refilled by {@link #consumed}, never by arrival, once half of it is free. It doubles while
 * the reader empties half of it within four round trips and the budgets allow.
 */
final class YamuxStream {

    private static final int QUICK_ROUND_TRIPS = 4;
    private static final long MAX_CREDIT = 0xffff_ffffL;

    final int id;
    final boolean inbound;
    final SendQueue queue;
    private final YamuxSession session;
    private @Nullable Receiver receiver;
    private @Nullable Lease lease;

    private long sendCredit = YamuxFrame.INITIAL_WINDOW;
    private int receiveCredit = YamuxFrame.INITIAL_WINDOW;
    private int window = YamuxFrame.INITIAL_WINDOW;
    private int toGrant;
    private long grantedAt = System.nanoTime();

    private boolean finishing;
    private boolean finSent;
    private boolean finReceived;
    private boolean dead;
    boolean ready;

    YamuxStream(YamuxSession session, int id, boolean inbound, SendQueue queue) {
        this.session = session;
        this.id = id;
        this.inbound = inbound;
        this.queue = queue;
    }

    YamuxSession session() {
        return session;
    }

    /** Where inbound bytes go from now on. */
    void receiver(Receiver next) {
        receiver = next;
    }

    /** Given back when the stream ends, together with what it holds already. */
    void alsoLease(Lease held) {
        lease = lease == null ? held : Lease.all(lease, held);
        if (dead) {
            release();
        }
    }

    int window() {
        return window;
    }

    // ---- from the wire

    /** A DATA frame's length, before any of its body is looked at. */
    void expect(long length) {
        if (length > receiveCredit) {
            throw new PeerMisbehavedException("a frame of " + length + " bytes on a stream with " + receiveCredit
                    + " bytes of window");
        }
        if (finReceived && length > 0) {
            throw new PeerMisbehavedException("data after the end of a stream");
        }
        receiveCredit -= (int) length;
    }

    void onData(ByteBuf lent) {
        if (receiver != null) {
            receiver.data(lent);
        }
    }

    void onCredit(long more) {
        sendCredit += more;
        if (sendCredit > MAX_CREDIT) {
            throw new PeerMisbehavedException("a window beyond 2^32");
        }
        session.schedule(this);
    }

    void onFin() {
        if (finReceived) {
            return;
        }
        finReceived = true;
        if (receiver != null) {
            receiver.end();
        }
        removeIfOver();
    }

    /** Dead without a word to the peer: it said so itself, or the connection is gone. */
    void die(StreamResetException why) {
        if (dead) {
            return;
        }
        dead = true;
        queue.kill();
        session.remove(this);
        if (receiver != null) {
            receiver.failed(why);
        }
    }

    // ---- from our side, on the Netty thread

    /** Some bytes that arrived were used: the peer may send as many again. */
    void consumed(int bytes) {
        toGrant += bytes;
        if (dead || finReceived || toGrant < window / 2) {
            return;
        }
        long now = System.nanoTime();
        int growth = 0;
        long roundTrip = session.roundTripNanos();
        if (roundTrip > 0 && now - grantedAt < QUICK_ROUND_TRIPS * roundTrip) {
            int room = Math.min(window, session.budget().perStream() - window);
            if (room > 0 && session.budget().charge(room)) {
                growth = room;
            }
        }
        window += growth;
        int delta = toGrant + growth;
        toGrant = 0;
        grantedAt = now;
        receiveCredit += delta;
        session.control(YamuxFrame.WINDOW_UPDATE, 0, id, delta);
        session.flushSoon();
    }

    /** Words of a negotiation or of a protocol that is served on the Netty thread. */
    void say(ByteBuf words) {
        queue.add(words);
        session.schedule(this);
    }

    void finish() {
        finishing = true;
        session.schedule(this);
    }

    void reset(int code) {
        if (dead) {
            return;
        }
        session.control(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST, id, code);
        session.flushSoon();
        die(new StreamResetException("we reset the stream", code));
    }

    /** Runs on the Netty thread after that time, unless the stream is over by then. */
    ScheduledFuture<?> later(long time, TimeUnit unit, Runnable task) {
        return session.context().executor().schedule(() -> {
            if (!dead) {
                task.run();
            }
        }, time, unit);
    }

    boolean isDead() {
        return dead;
    }

    boolean finReceived() {
        return finReceived;
    }

    // ---- for the scheduler

    boolean canSend() {
        return !dead && (queue.size() > 0 ? sendCredit > 0 : finishing && !finSent);
    }

    /** Frames up to that many bytes of what waits, and the FIN behind the last. */
    void send(int max) {
        int length = (int) Math.min(Math.min(queue.size(), max), sendCredit);
        if (length > 0) {
            sendCredit -= length;
            session.control(YamuxFrame.DATA, 0, id, length);
            for (int left = length; left > 0; ) {
                ByteBuf piece = queue.take(left);
                if (piece == null) {
                    return;
                }
                left -= piece.readableBytes();
                session.body(piece);
            }
        }
        // A FIN of its own: some implementations look at the flag before the body.
        if (finishing && !finSent && queue.size() == 0) {
            finSent = true;
            session.control(YamuxFrame.WINDOW_UPDATE, YamuxFrame.FIN, id, 0);
            removeIfOver();
        }
    }

    private void removeIfOver() {
        if (finSent && finReceived && !dead) {
            dead = true;
            queue.kill();
            session.remove(this);
        }
    }

    void release() {
        if (lease != null) {
            lease.close();
        }
    }

    // ---- from any thread

    /** There is something to send. */
    void wake() {
        session.onLoop(() -> session.schedule(this));
    }
}
