package io.caravan.rpc;

/** The outgoing half of a WebSocket as a session needs it. Never blocks. */
interface SocketWire {
    /** Sends one text message, in the order of the calls of one thread. */
    void send(byte[] text);

    /** False while the far side is behind in reading. */
    boolean isWritable();
}
