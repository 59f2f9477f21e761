package io.caravan.rpc;

import java.time.Duration;

/**
 * What callers may cost a server.
 *
 * @param maxBodyBytes longest HTTP body and longest WebSocket message
 * @param maxBufferedBytes bodies and messages under way on all connections together
 * @param maxDepth deepest nesting of JSON
 * @param maxBatch most calls in one batch
 * @param maxConnections open connections
 * @param maxPerAddress open connections from one address
 * @param workers threads that run handlers
 * @param maxQueued calls that wait for a worker; more are answered "busy"
 * @param maxInFlight calls and channels open at once on one WebSocket
 * @param callsPerSecond of one caller, in the long run; 0 for no limit
 * @param burst calls of one caller at once, after a while without any
 * @param bodyTimeout from the first byte of a request until its last
 * @param idleTimeout a connection without a call, or a WebSocket without even a pong, ends after this
 */
public record ServerLimits(int maxBodyBytes, long maxBufferedBytes, int maxDepth, int maxBatch, int maxConnections,
        int maxPerAddress, int workers, int maxQueued, int maxInFlight, int callsPerSecond, int burst,
        Duration bodyTimeout, Duration idleTimeout) {

    public ServerLimits {
        if (maxBodyBytes < 1 || maxBufferedBytes < maxBodyBytes || maxDepth < 1 || maxBatch < 1 || maxConnections < 1
                || maxPerAddress < 1 || workers < 1 || maxQueued < 1 || maxInFlight < 1 || callsPerSecond < 0
                || callsPerSecond > 0 && burst < 1) {
            throw new IllegalArgumentException(
                    "every limit of a server is at least 1, all bodies together at least one body");
        }
    }

    /** Ordinary ones, without a limit on calls: for callers who are all ours. */
    public static ServerLimits usual() {
        return new ServerLimits(16 << 20, 64L << 20, 128, 1000, 512, 512, 16, 1024, 256, 0, 1, Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }
}
