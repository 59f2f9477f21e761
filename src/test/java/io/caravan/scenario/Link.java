package io.caravan.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire that a test can pull: a TCP proxy on loopback between whoever dials {@link #port} and a target. Cut, it resets
 * what is open and refuses what comes; everything else keeps the connections and changes what flows through them.
 */
public final class Link implements AutoCloseable {

    private static final int BUFFER = 16 << 10;
    private static final int CONNECT_MILLIS = 5_000;

    private final String name;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private final AtomicLong bounceAt = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong flipAt = new AtomicLong(Long.MAX_VALUE);
    private volatile InetSocketAddress target;
    private volatile boolean isCut;
    private volatile boolean isHeld;
    private volatile boolean isClosed;
    private volatile Duration delay = Duration.ZERO;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    private Link(String name, InetSocketAddress target) {
        this.name = name;
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread("accept", this::accept).start();
    }

    /** A whole link to that port of this machine. */
    public static Link to(String name, int port) {
        return new Link(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Where to dial. */
    public int port() {
        return listener.getLocalPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** New connections go there from now on. */
    public void retarget(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Resets every connection; new ones are closed as soon as they are made, until {@link #restore}. */
    public void cut() {
        isCut = true;
        drop();
    }

    /** As if nothing had been: whole, fast, honest. Connections that a cut ended do not come back. */
    public void restore() {
        isCut = false;
        isHeld = false;
        delay = Duration.ZERO;
        bytesPerSecond = Long.MAX_VALUE;
        bounceAt.set(Long.MAX_VALUE);
        flipAt.set(Long.MAX_VALUE);
    }

    /** Resets the connections that are open now; new ones work. */
    public void drop() {
        for (Socket socket : open) {
            reset(socket);
        }
    }

    /** Nothing flows any more, and nothing is closed: the peer is silent. {@link #restore} lets it flow again. */
    public void hold() {
        isHeld = true;
    }

    /** Every piece of data is that late, in each direction. */
    public void delay(Duration late) {
        delay = late;
    }

    /** So many bytes a second in each direction of each connection. */
    public void throttle(long bytesEachSecond) {
        bytesPerSecond = bytesEachSecond;
    }

    /** Resets all connections once so many more bytes have gone through from the target to the dialer or back. */
    public void bounceAfter(long bytes) {
        bounceAt.set(bytes() + bytes);
    }

    /** Changes one byte, so many bytes from now. */
    public void flipAfter(long bytes) {
        flipAt.set(bytes() + bytes);
    }

    /** Bytes that went through so far, both ways. */
    public long bytes() {
        return up.get() + down.get();
    }

    /** Bytes from the dialer to the target. */
    public long bytesUp() {
        return up.get();
    }

    /** Bytes from the target to the dialer. */
    public long bytesDown() {
        return down.get();
    }

    private void accept() {
        while (!isClosed) {
            try {
                Socket near = listener.accept();
                if (isCut) {
                    reset(near);
                } else {
                    thread("dial", () -> join(near)).start();
                }
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void join(Socket near) {
        Socket far = new Socket();
        try {
            far.connect(target, CONNECT_MILLIS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            open.add(near);
            open.add(far);
            if (isCut || isClosed) {
                throw new IOException("cut meanwhile");
            }
            Thread other = thread("up", () -> pump(near, far, up));
            other.start();
            pump(far, near, down);
            other.join();
            end(near, far);
        } catch (IOException e) {
            end(near, far);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(near, far);
        }
    }

    private void pump(Socket from, Socket to, AtomicLong count) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                pause(n);
                if (isClosed) {
                    break;
                }
                long before = bytes();
                count.addAndGet(n);
                flip(buffer, n, before);
                out.write(buffer, 0, n);
                if (before + n >= bounceAt.get()) {
                    bounceAt.set(Long.MAX_VALUE);
                    drop();
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            end(from, to);
        }
    }

    private void pause(int bytes) {
        park(delay.toNanos());
        long rate = bytesPerSecond;
        if (rate != Long.MAX_VALUE) {
            park(bytes * 1_000_000_000L / rate);
        }
        while (isHeld && !isClosed && !isCut) {
            park(10_000_000);
        }
    }

    private static void park(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void flip(byte[] buffer, int length, long before) {
        long at = flipAt.get();
        if (at < before + length && flipAt.compareAndSet(at, Long.MAX_VALUE)) {
            buffer[(int) Math.max(0, at - before)] ^= 0x20;
        }
    }

    private void end(Socket one, Socket other) {
        reset(one);
        reset(other);
        open.remove(one);
        open.remove(other);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was gone already.
        }
    }

    private Thread thread(String part, Runnable work) {
        Thread thread = new Thread(work, "link-" + name + "-" + part);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        isClosed = true;
        drop();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
