package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrived for a stream and were not read; the stream's window bounds them. The Netty thread adds, one reader
 * takes.
 *
 * <p>Small pieces are copied together: a kept slice would pin the whole record that it came in, and a peer could send a
 * record a byte.
 */
final class InboundQueue {

    /** Pieces from here on are kept without a copy. */
    private static final int KEEP = 16 * 1024;
    private static final int CHUNK = 16 * 1024;

    /** Guards every field below. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
    private final ByteBufAllocator alloc;
    private int size;
    private boolean ended;
    private boolean discarding;
    private @Nullable StreamResetException failure;

    InboundQueue(ByteBufAllocator alloc) {
        this.alloc = alloc;
    }

    /** Takes over what it needs of a lent piece. Returns whether anyone will read it. */
    boolean add(ByteBuf lent) {
        lock.lock();
        try {
            if (discarding || failure != null) {
                return false;
            }
            size += lent.readableBytes();
            if (lent.readableBytes() >= KEEP) {
                pieces.addLast(lent.retain());
            } else {
                copy(lent);
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void copy(ByteBuf lent) {
        while (lent.isReadable()) {
            ByteBuf tail = pieces.peekLast();
            if (tail == null || tail.isReadOnly() || tail.maxCapacity() != CHUNK || tail.writerIndex() == CHUNK) {
                tail = alloc.heapBuffer(Math.min(CHUNK, Math.max(64, lent.readableBytes())), CHUNK);
                pieces.addLast(tail);
            }
            tail.writeBytes(lent, Math.min(lent.readableBytes(), CHUNK - tail.writerIndex()));
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Dead; what a peer had sent up to its regular end can still be read. */
    void fail(StreamResetException why) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            failure = why;
            drop();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            drop();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        size = 0;
    }

    /**
     * Bytes read into the array; -1 at the end, 0 if nothing came in time.
     *
     * @throws StreamResetException if the stream is dead or was closed by us
     */
    int read(byte[] into, int from, int count, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (size == 0) {
                if (failure != null) {
                    throw new StreamResetException(String.valueOf(failure.getMessage()), failure.code());
                }
                if (discarding) {
                    throw new StreamResetException("we closed the stream", 0);
                }
                if (ended) {
                    return -1;
                }
                if (left <= 0) {
                    return 0;
                }
                left = changed.awaitNanos(left);
            }
            return take(into, from, Math.min(count, size));
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] into, int from, int count) {
        int left = count;
        while (left > 0) {
            ByteBuf head = pieces.getFirst();
            int now = Math.min(left, head.readableBytes());
            head.readBytes(into, from + count - left, now);
            left -= now;
            if (!head.isReadable()) {
                pieces.removeFirst().release();
            }
        }
        size -= count;
        return count;
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }
}
