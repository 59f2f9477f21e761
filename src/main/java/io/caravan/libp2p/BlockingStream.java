package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream as its users see it: blocking ends on top of a {@link YamuxStream} that lives on a Netty thread. */
final class BlockingStream implements Stream, Receiver {

    private final YamuxStream yamux;
    private final Connection connection;
    private final String protocol;
    private final InboundQueue inbound;
    private final long defaultIdle;
    /** Consumed by the reader and not yet told to the Netty thread. */
    private final AtomicInteger unreported = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final In in = new In();
    private final Out out = new Out();
    private volatile long idleNanos;
    private volatile boolean writeClosed;
    private final ProtocolCounters.Counter counter;
    private volatile long bytesIn;
    private volatile long bytesOut;
    private volatile @Nullable StreamResetException failure;

    BlockingStream(YamuxStream yamux, Connection connection, String protocol, Duration idle, ProtocolCounters.Counter counter) {
        this.counter = counter;
        counter.streams().increment();
        this.yamux = yamux;
        this.connection = connection;
        this.protocol = protocol;
        this.inbound = new InboundQueue(yamux.session().context().alloc());
        this.defaultIdle = idle.toNanos();
        this.idleNanos = defaultIdle;
    }

    // ---- from the Netty thread

    @Override
    public void data(ByteBuf lent) {
        inbound.add(lent);
    }

    @Override
    public void end() {
        inbound.end();
    }

    @Override
    public void failed(StreamResetException why) {
        failure = why;
        inbound.fail(why);
    }

    // ---- for the user

    @Override
    public PeerId remotePeer() {
        return connection.remotePeer();
    }

    @Override
    public Multiaddr remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public boolean isInbound() {
        return yamux.inbound;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void setDeadline(@Nullable Duration idle) {
        idleNanos = idle == null ? defaultIdle : idle.toNanos();
    }

    @Override
    public void closeWrite() {
        if (!writeClosed) {
            writeClosed = true;
            yamux.session().onLoop(yamux::finish);
        }
    }

    @Override
    public void reset() {
        reset(0);
    }

    @Override
    public void reset(int code) {
        closed.set(true);
        writeClosed = true;
        inbound.discard();
        yamux.session().onLoop(() -> yamux.reset(code));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        inbound.discard();
        closeWrite();
        yamux.session().onLoop(() -> {
            if (!yamux.isDead()) {
                new Lingering(yamux, defaultIdle).start();
            }
        });
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }

    @Override
    public String toString() {
        return protocol + (isInbound() ? " from " : " to ") + remotePeer() + " #" + yamux.id;
    }

    private void offLoop() {
        if (yamux.session().inLoop()) {
            throw new IllegalStateException("a blocking stream is not for Netty threads");
        }
    }

    private StreamResetException interrupted() {
        Thread.currentThread().interrupt();
        reset();
        return new StreamResetException("interrupted while waiting for the peer", 0);
    }

    private String afterWaiting(long nanos) {
        return " within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms on " + this;
    }

    private final class In extends InputStream {

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) {
            Objects.checkFromIndexSize(from, count, into.length);
            if (count == 0) {
                return 0;
            }
            offLoop();
            long idle = idleNanos;
            try {
                int n = inbound.read(into, from, count, idle);
                if (n == 0) {
                    throw new StreamTimeoutException("the peer sent nothing" + afterWaiting(idle));
                }
                if (n > 0) {
                    bytesIn += n;
                    counter.in().add(n);
                    report(n);
                }
                return n;
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        /** Tells the Netty thread in large steps: each is a task there. */
        private void report(int consumed) {
            if (unreported.addAndGet(consumed) >= YamuxFrame.INITIAL_WINDOW / 4) {
                int all = unreported.getAndSet(0);
                yamux.session().onLoop(() -> yamux.consumed(all));
            }
        }

        @Override
        public int available() {
            return inbound.size();
        }

        @Override
        public void close() {
            inbound.discard();
        }
    }

    private final class Out extends OutputStream {

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            Objects.checkFromIndexSize(from, count, bytes.length);
            offLoop();
            long idle = idleNanos;
            int done = 0;
            try {
                while (done < count) {
                    if (writeClosed) {
                        throw new StreamResetException("we closed the stream for writing", 0);
                    }
                    SendQueue.Offered offered = yamux.queue.offer(bytes, from + done, count - done, idle);
                    if (offered == null) {
                        StreamResetException why = failure;
                        throw new StreamResetException(why == null ? "the stream is closed"
                                : String.valueOf(why.getMessage()),
                                why == null ? 0 : why.code());
                    }
                    if (offered.taken() == 0) {
                        throw new StreamTimeoutException("the peer took nothing" + afterWaiting(idle));
                    }
                    done += offered.taken();
                    bytesOut += offered.taken();
                    counter.out().add(offered.taken());
                    if (offered.wasEmpty()) {
                        yamux.wake();
                    }
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        @Override
        public void close() {
            closeWrite();
        }
    }
}
