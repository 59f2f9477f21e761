package io.caravan.libp2p;

import java.time.Duration;

/**
 * How long each phase may take (spec libp2p 2.4). Phases are wall-clock time: bytes that trickle in do not extend them.
 *
 * @param connect TCP connect of one address
 * @param dialAddress connect and handshake of one address
 * @param dialPeer all addresses of a peer together, at most 60 s
 * @param upgrade an accepted socket until the multiplexer runs
 * @param negotiate protocol negotiation of one stream
 * @param newStream opening of a stream on an existing connection
 * @param identify the identify exchange
 * @param writeStall a socket that takes no bytes
 * @param keepAlive silence after which we ping
 * @param keepAliveAnswer the answer to that ping
 * @param idleConnection a connection without streams
 * @param streamIdle a single wait of a stream's reader or writer, unless the stream sets its own
 */
public record Deadlines(Duration connect, Duration dialAddress, Duration dialPeer, Duration upgrade, Duration negotiate,
        Duration newStream, Duration identify, Duration writeStall, Duration keepAlive, Duration keepAliveAnswer,
        Duration idleConnection, Duration streamIdle) {

    /** The spec's figures. */
    public static final Deadlines DEFAULT = new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(15),
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(15),
            Duration.ofMinutes(10), Duration.ofSeconds(60));

    /** For tests and impatient hosts: each figure above the given one is lowered to it. */
    public Deadlines atMost(Duration cap) {
        return new Deadlines(min(connect, cap), min(dialAddress, cap), min(dialPeer, cap), min(upgrade, cap),
                min(negotiate, cap), min(newStream, cap), min(identify, cap), min(writeStall, cap),
                min(keepAlive, cap), min(keepAliveAnswer, cap), min(idleConnection, cap), min(streamIdle, cap));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
