package io.caravan.libp2p;

/** Hears of connections. Called on a Netty thread: return at once, never block. */
public interface ConnectionListener {

    /** The handshake is done and streams can be opened. */
    default void connected(Connection connection) {}

    /** The peer has said what it is ({@link Connection#identified()} is filled), or says it anew. */
    default void identified(Connection connection) {}

    /** It has ended; its streams are reset. */
    default void disconnected(Connection connection) {}
}
