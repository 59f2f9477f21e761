package io.caravan.rpc;

import java.time.Duration;
import java.util.Set;

/**
 * Where a server listens and what a caller may cost it.
 *
 * @param host the address to bind, loopback unless an operator says otherwise
 * @param port 0 for a free one
 * @param maxBodyBytes longest HTTP body and longest WebSocket message
 * @param maxBufferedBytes bodies and messages under way on all connections together
 * @param maxDepth deepest nesting of JSON
 * @param maxBatch most calls in one batch
 * @param maxConnections open connections
 * @param workers threads that run handlers
 * @param maxQueued calls that wait for a worker; more are answered "busy"
 * @param maxInFlight calls and channels open at once on one WebSocket
 * @param bodyTimeout from the first byte of a request until its last
 * @param hosts names that callers without a token may use for this server, in lower case, beside those of loopback and all
 *     plain addresses
 * @param idleTimeout a connection without a call, or a WebSocket without even a pong, ends after this
 */
public record ServerConfig(String host, int port, int maxBodyBytes, long maxBufferedBytes, int maxDepth, int maxBatch,
        int maxConnections, int workers, int maxQueued, int maxInFlight, Duration bodyTimeout, Duration idleTimeout,
        Set<String> hosts) {

    public ServerConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
        }
        if (maxBodyBytes < 1 || maxBufferedBytes < maxBodyBytes || maxDepth < 1 || maxBatch < 1 || maxConnections < 1
                || workers < 1 || maxQueued < 1 || maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "every limit of a server is at least 1, all bodies together at least one body");
        }
    }

    /** Loopback with ordinary limits. */
    public static ServerConfig loopback(int port) {
        return new ServerConfig("127.0.0.1", port, 16 << 20, 64L << 20, 128, 1000, 512, 16, 1024, 256,
                Duration.ofSeconds(30), Duration.ofSeconds(60), Set.of());
    }

    /** The same limits on another address. */
    public ServerConfig at(String otherHost, int otherPort) {
        return new ServerConfig(otherHost, otherPort, maxBodyBytes, maxBufferedBytes, maxDepth, maxBatch,
                maxConnections, workers, maxQueued, maxInFlight, bodyTimeout, idleTimeout, hosts);
    }

    /** The same server under more names. */
    public ServerConfig named(Set<String> otherHosts) {
        return new ServerConfig(host, port, maxBodyBytes, maxBufferedBytes, maxDepth, maxBatch, maxConnections, workers,
                maxQueued, maxInFlight, bodyTimeout, idleTimeout, Set.copyOf(otherHosts));
    }
}
