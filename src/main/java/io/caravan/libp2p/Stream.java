package io.caravan.libp2p;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One negotiated stream to a peer: bytes both ways, each direction closable on its own.
 *
 * <p>Reading and writing block, so they are for worker threads, never for Netty's. What the peer sends is held within
 * the stream's receive window and more is granted only when it is read; a writer waits once the peer stops granting.
 * Every wait is bounded by {@link #setDeadline(Duration)}. One thread may read while another writes.
 *
 * <p>Failures of {@link #in()} and {@link #out()} are unchecked: {@link StreamResetException} when the peer or the
 * connection ended the stream, {@link StreamTimeoutException} when a wait lasted longer than the deadline. An interrupt
 * resets the stream.
 */
public interface Stream extends AutoCloseable {

    /** Who is at the other end, proven by the handshake. */
    PeerId remotePeer();

    /** The address of the other end as we see it, such as {@code /ip4/192.0.2.7/tcp/24001}. */
    Multiaddr remoteAddress();

    /** The protocol id that both sides agreed on. */
    String protocol();

    /** Whether the peer opened it. */
    boolean isInbound();

    /** The connection that carries it. */
    Connection connection();

    /** What the peer sends; ends (-1) after the peer closed its side. The same object at each call. */
    InputStream in();

    /**
     * To the peer. Written bytes leave soon without {@code flush}; closing it is {@link #closeWrite()}. The same object
     * at each call.
     */
    OutputStream out();

    /**
     * From now on a single read or write that waits longer than this for the peer fails with {@link
     * StreamTimeoutException}.
     * {@code null} = the host's default ({@link Deadlines#streamIdle()}). It is idle time, not the length of the whole
     * exchange.
     */
    void setDeadline(@Nullable Duration idle);

    /** No more bytes from us; the peer reads what was written and then the end. A second call does nothing. */
    void closeWrite();

    /** Ends both directions at once; unread and unsent bytes are dropped. */
    void reset();

    /** As {@link #reset()} with a code for the peer: an application's own 0..0xfff, or one of libp2p's (0x1001…). */
    void reset(int code);

    /**
     * Done with it: closes our side and drops what the peer still sends. Written bytes still go out. Never blocks,
     * never throws.
     */
    @Override
    void close();

    /** Bytes of this stream read from the peer, without the negotiation. */
    long bytesIn();

    /** Bytes of this stream handed over for the peer, without the negotiation. */
    long bytesOut();
}
