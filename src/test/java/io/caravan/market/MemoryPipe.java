package io.caravan.market;

import io.caravan.libp2p.StreamResetException;
import io.caravan.libp2p.StreamTimeoutException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/** One direction of a stream in memory, with a window of 256 KiB and deadlines. */
final class MemoryPipe {

    private static final int WINDOW = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[WINDOW];
    private final IntConsumer meter;
    private int start;
    private int size;
    private boolean isClosed;
    private boolean isReset;
    private boolean isIgnored;
    private long passed;
    volatile Duration readDeadline = Duration.ofSeconds(30);
    volatile Duration writeDeadline = Duration.ofSeconds(30);

    /** @param meter hears of bytes on their way, and may cut the wire */
    MemoryPipe(IntConsumer meter) {
        this.meter = meter;
    }

    final InputStream in = new InputStream() {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int off, int len) {
            if (len == 0) {
                return 0;
            }
            lock.lock();
            try {
                await(() -> size > 0 || isClosed, readDeadline, "read");
                if (size == 0) {
                    return -1;
                }
                int n = Math.min(len, Math.min(size, WINDOW - start));
                System.arraycopy(ring, start, into, off, n);
                start = (start + n) % WINDOW;
                size -= n;
                passed += n;
                changed.signalAll();
                return n;
            } finally {
                lock.unlock();
            }
        }
    };

    final OutputStream out = new OutputStream() {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int off, int len) {
            int at = off;
            while (at < off + len) {
                int n = offer(from, at, off + len - at);
                at += n;
                meter.accept(n);
            }
        }
    };

    private int offer(byte[] from, int off, int len) {
        lock.lock();
        try {
            if (isIgnored) {
                return len;
            }
            await(() -> size < WINDOW || isClosed || isIgnored, writeDeadline, "write");
            if (isIgnored) {
                return len;
            }
            if (isClosed) {
                throw new StreamResetException("written after the end", 0);
            }
            int end = (start + size) % WINDOW;
            int n = Math.min(len, Math.min(WINDOW - size, WINDOW - end));
            System.arraycopy(from, off, ring, end, n);
            size += n;
            changed.signalAll();
            return n;
        } finally {
            lock.unlock();
        }
    }

    private interface Test {
        boolean isTrue();
    }

    private void await(Test test, Duration deadline, String what) {
        long left = deadline.toNanos();
        while (!isReset && !test.isTrue()) {
            if (left <= 0) {
                throw new StreamTimeoutException("no " + what + " for " + deadline);
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isReset = true;
                changed.signalAll();
            }
        }
        if (isReset) {
            throw new StreamResetException("the stream was reset", 0);
        }
    }

    long passed() {
        lock.lock();
        try {
            return passed;
        } finally {
            lock.unlock();
        }
    }

    void closeWrite() {
        change(() -> isClosed = true);
    }

    /** The reader is done; what still comes is dropped. */
    void ignore() {
        change(() -> isIgnored = true);
    }

    void reset() {
        change(() -> isReset = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
