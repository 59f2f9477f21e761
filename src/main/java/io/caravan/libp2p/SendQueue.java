package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Bytes written to a stream and not yet framed. Any thread writes, the connection's Netty thread takes. */
final class SendQueue {

    private static final int CHUNK = 64 * 1024;

    /** Guards every field below. */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    private final ByteBufAllocator alloc;
    private final int high;
    private int size;
    private boolean dead;

    SendQueue(ByteBufAllocator alloc, int high) {
        this.alloc = alloc;
        this.high = high;
    }

    /** What {@link #offer} did: the bytes it took, and whether the queue was empty before. */
    record Offered(int taken, boolean wasEmpty) {}

    /**
     * Copies what there is room for; waits for room at most so long. Nothing taken = the wait was too long.
     *
     * @return null if the stream is dead
     */
    @Nullable Offered offer(byte[] bytes, int from, int count, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!dead && size >= high) {
                if (left <= 0) {
                    return new Offered(0, false);
                }
                left = room.awaitNanos(left);
            }
            if (dead) {
                return null;
            }
            boolean wasEmpty = size == 0;
            int take = Math.min(count, high - size);
            append(bytes, from, take);
            return new Offered(take, wasEmpty);
        } finally {
            lock.unlock();
        }
    }

    /** For the Netty thread's own words, which are few and short: no waiting, no bound. */
    void add(ByteBuf words) {
        lock.lock();
        try {
            if (!dead) {
                byte[] copy = new byte[words.readableBytes()];
                words.getBytes(words.readerIndex(), copy);
                append(copy, 0, copy.length);
            }
        } finally {
            lock.unlock();
        }
    }

    private void append(byte[] bytes, int from, int count) {
        int at = from;
        int end = from + count;
        while (at < end) {
            ByteBuf tail = chunks.peekLast();
            if (tail == null || !tail.isWritable()) {
                int rest = end - at;
                tail = alloc.heapBuffer(rest >= CHUNK ? CHUNK : Math.max(256, Integer.highestOneBit(rest) << 1), CHUNK);
                chunks.addLast(tail);
            }
            int take = Math.min(end - at, tail.writableBytes());
            tail.writeBytes(bytes, at, take);
            at += take;
        }
        size += count;
    }

    /** Takes up to that many bytes, not more than one chunk's; null if there are none. The caller releases. */
    @Nullable ByteBuf take(int max) {
        lock.lock();
        try {
            ByteBuf head = chunks.peekFirst();
            if (head == null) {
                return null;
            }
            ByteBuf taken;
            if (head.readableBytes() <= max) {
                taken = chunks.removeFirst();
            } else {
                taken = head.readRetainedSlice(max);
            }
            size -= taken.readableBytes();
            if (size < high / 2 + 1) {
                room.signalAll();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything and lets every writer fail. */
    void kill() {
        lock.lock();
        try {
            dead = true;
            size = 0;
            chunks.forEach(ByteBuf::release);
            chunks.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
