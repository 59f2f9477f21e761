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
 * @param dials dials that ended, one for each peer that was looked for, since the start
 * @param dialFailures those of them that led to nobody
 * @param protocols streams by the protocol they agreed on
 * @param peerBytes bytes per connected peer, in and out added over its open connections
 */
public record HostStats(long bytesIn, long bytesOut, int connectionsIn, int connectionsOut, int halfOpen, int streams,
        long refused, long dials, long dialFailures, Map<String, Protocol> protocols, Map<PeerId, Traffic> peerBytes) {

    /** Bytes on the wire. */
    public record Traffic(long bytesIn, long bytesOut) {}

    /**
     * What one protocol carried since the start.
     *
     * @param bytesIn payload that was read, without the frames around it
     * @param bytesOut payload that was written
     */
    public record Protocol(long streams, long bytesIn, long bytesOut) {}

    public HostStats {
        protocols = Map.copyOf(protocols);
        peerBytes = Map.copyOf(peerBytes);
    }
}
