package io.caravan.libp2p;

/** The bounds of a host (spec libp2p 2.2): what all peers together, and each of them, may make us hold. */
public record Limits(Connections connections, Streams streams, Windows windows) {

    /** The provider's figures. */
    public static final Limits DEFAULT = new Limits(
            new Connections(256, 128, 320, 64, 4, 4, 8, 16), new Streams(128, 256, 2048, 16, 256, 256),
                    Windows.forThisMemory());

    /**
     * @param inbound open connections that peers dialed
     * @param outbound open connections that we dialed
     * @param total both together
     * @param halfOpen accepted sockets that have not proven their identity
     * @param halfOpenPerPrefix the same of one IPv4 address or IPv6 /56; loopback is exempt
     * @param perPeer open connections of one peer
     * @param perPrefix open connections of one IPv4 address or IPv6 /56; loopback is exempt
     * @param burst new connections of one IPv4 address or IPv6 /56 at once, refilled by one in 5 s; loopback is exempt
     */
    public record Connections(int inbound, int outbound, int total, int halfOpen, int halfOpenPerPrefix, int perPeer,
            int perPrefix, int burst) {}

    /**
     * @param inboundPerConnection streams that the peer opened on one connection
     * @param inboundPerPeer the same over all its connections
     * @param inboundTotal the same over all peers
     * @param negotiatingPerConnection inbound streams that have not agreed on a protocol
     * @param negotiatingTotal the same over all connections
     * @param outboundPerConnection streams that we opened on one connection
     */
    public record Streams(int inboundPerConnection, int inboundPerPeer, int inboundTotal, int negotiatingPerConnection,
            int negotiatingTotal, int outboundPerConnection) {}

    /**
     * Bytes.
     *
     * @param receivePerStream the most that one stream's receive window grows to; at least 256 KiB
     * @param receivePerConnection the sum of the receive windows of one connection
     * @param receivePerHost the sum of all receive windows
     * @param sendQueue bytes written to one stream and not yet on their way; a writer waits beyond it
     */
    public record Windows(int receivePerStream, int receivePerConnection, long receivePerHost, int sendQueue) {

        /** 16 MiB a stream, 64 MiB a connection, for the host 12 % of the heap but at least 128 MiB. */
        public static Windows forThisMemory() {
            return new Windows(16 << 20, 64 << 20, Math.max(128L << 20, Runtime.getRuntime().maxMemory() / 100 * 12),
                    1 << 20);
        }
    }
}
