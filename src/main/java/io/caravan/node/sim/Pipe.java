package io.caravan.node.sim;

import io.caravan.libp2p.StreamResetException;
import io.caravan.libp2p.StreamTimeoutException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One direction of a simulated stream: a window, deadlines, and bytes that arrive as late as the link is slow. */
final class Pipe {

    private static final int WINDOW = 256 << 10;

    private record Chunk(byte[] bytes, long arrivesAt) {
    }

    private final Loop loop;
    private final Wire wire;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private int offset;
    private int size;
    private boolean isClosed;
    private boolean isReset;
    private boolean isIgnored;
    private long passed;
    private Duration deadline = Duration.ofSeconds(60);
    private @Nullable Fiber reader;
    private @Nullable Fiber writer;

    /** What carries the bytes. */
    interface Wire {
        /** Nanoseconds until bytes written now arrive; may break the stream instead. */
        long carry(int bytes);
    }

    final InputStream in = new InputStream() {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int off, int len) {
            return len == 0 ? 0 : take(into, off, len);
        }
    };

    final OutputStream out = new OutputStream() {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int off, int len) {
            if (len > 0) {
                put(Arrays.copyOfRange(from, off, off + len));
            }
        }
    };

    Pipe(Loop loop, Wire wire) {
        this.loop = loop;
        this.wire = wire;
    }

    void deadline(Duration idle) {
        deadline = idle;
    }

    private int take(byte[] into, int off, int len) {
        await(() -> size > 0 && chunks.peek().arrivesAt() <= loop.now() || size == 0 && isClosed, true, "read");
        if (size == 0) {
            return -1;
        }
        Chunk first = chunks.peek();
        int n = Math.min(len, first.bytes().length - offset);
        System.arraycopy(first.bytes(), offset, into, off, n);
        offset += n;
        size -= n;
        passed += n;
        if (offset == first.bytes().length) {
            chunks.poll();
            offset = 0;
        }
        wake(writer);
        return n;
    }

    private void put(byte[] bytes) {
        if (isIgnored) {
            return;
        }
        await(() -> size < WINDOW || isClosed || isIgnored, false, "write");
        if (isIgnored) {
            return;
        }
        if (isClosed) {
            throw new StreamResetException("written after the end", 0);
        }
        long delay = wire.carry(bytes.length);
        if (isReset) {
            throw new StreamResetException("the stream was reset", 0);
        }
        long arrives = loop.now() + delay;
        chunks.add(new Chunk(bytes, arrives));
        size += bytes.length;
        if (delay > 0) {
            loop.at(arrives, () -> wake(reader));
        } else {
            wake(reader);
        }
    }

    private void await(BooleanSupplier ready, boolean isReader, String what) {
        long until = loop.now() + deadline.toNanos();
        while (!isReset && !ready.getAsBoolean()) {
            if (loop.now() >= until) {
                throw new StreamTimeoutException("no " + what + " for " + deadline);
            }
            Fiber self = loop.self();
            if (isReader) {
                reader = self;
            } else {
                writer = self;
            }
            loop.await(until);
            if (isReader) {
                reader = null;
            } else {
                writer = null;
            }
        }
        if (isReset) {
            throw new StreamResetException("the stream was reset", 0);
        }
    }

    private void wake(@Nullable Fiber fiber) {
        if (fiber != null) {
            loop.wake(fiber, true);
        }
    }

    long passed() {
        return passed;
    }

    void closeWrite() {
        isClosed = true;
        changed();
    }

    /** The reader is done; what still comes is dropped. */
    void ignore() {
        isIgnored = true;
        changed();
    }

    void reset() {
        isReset = true;
        changed();
    }

    private void changed() {
        wake(reader);
        wake(writer);
    }
}
