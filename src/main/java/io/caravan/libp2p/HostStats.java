package io.caravan.libp2p;

import java.util.Map;

/**
 * The host's counters at one moment.
 *
 * @param bytesIn bytes taken from sockets since the start, as they were on the wire
 * @param bytesOut bytes given to sockets since the start, as they were on the wire
 * @param connectionsIn open connections that peers dialed
 * @param connectionsOut open connections that we dialed
 * @param halfOpen accepted, not yet authenticated
 * @param streams open streams of all connections
 * @param refused connections and streams refused because a bound was reached, since the start
 * @param peerBytes bytes per connected peer, in and out added over its open connections
 */
public record HostStats(long bytesIn, long bytesOut, int connectionsIn, int connectionsOut, int halfOpen, int streams,
        long refused, Map<PeerId, Traffic> peerBytes) {

    /** Bytes on the wire. */
    public record Traffic(long bytesIn, long bytesOut) {}

    public HostStats {
        peerBytes = Map.copyOf(peerBytes);
    }
}
