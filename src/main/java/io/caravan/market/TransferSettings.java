package io.caravan.market;

import java.time.Duration;

/**
 * Limits and deadlines of data transfers.
 *
 * @param open opening a stream, with the dial
 * @param write a single wait until the peer takes bytes
 * @param idle no byte for so long makes a transfer STALLED, and the client restart it
 * @param restartDelay the client's wait before its first restart; twice as long at each further one, at most
 *        five minutes
 * @param maxRestarts the client's restarts in a row without a byte between them; then the transfer has failed
 * @param restartWait how long a provider keeps a stalled transfer for its client's restart (deal-lifecycle §6.3: one
 * hour)
 * @param maxActive transfers that move bytes at the same time
 * @param maxQueued transfers that wait for a place; more are refused
 * @param maxBlockBytes the largest block sent or taken
 * @param batchBytes block data in one message that we send
 * @param maxBlocks different blocks of one DAG
 * @param progressEvery how often progress is journalled
 */
public record TransferSettings(Duration open, Duration write, Duration idle, Duration restartDelay, int maxRestarts,
                               Duration restartWait, int maxActive, int maxQueued, int maxBlockBytes, int batchBytes,
                               int maxBlocks, Duration progressEvery) {

    public static final TransferSettings DEFAULT = new TransferSettings(Duration.ofSeconds(45), Duration.ofSeconds(30),
            Duration.ofSeconds(60), Duration.ofSeconds(1), 12, Duration.ofHours(1), 20, 1000, 2 << 20, 512 << 10,
            1 << 20, Duration.ofMillis(250));

    public TransferSettings {
        if (maxRestarts < 0 || maxActive < 1 || maxQueued < 0 || maxBlocks < 1) {
            throw new IllegalArgumentException("a transfer limit is below what makes sense");
        }
        if (maxBlockBytes < 1 || maxBlockBytes > 2 << 20 || batchBytes < 1 || batchBytes > 1 << 20) {
            throw new IllegalArgumentException("a block holds at most 2 MiB, a batch at most 1 MiB");
        }
    }

    public TransferSettings withIdle(Duration limit) {
        return new TransferSettings(open, write, limit, restartDelay, maxRestarts, restartWait, maxActive, maxQueued,
                maxBlockBytes, batchBytes, maxBlocks, progressEvery);
    }

    public TransferSettings withRestarts(int most, Duration delay) {
        return new TransferSettings(open, write, idle, delay, most, restartWait, maxActive, maxQueued, maxBlockBytes,
                batchBytes, maxBlocks, progressEvery);
    }

    public TransferSettings withPlaces(int active, int queued) {
        return new TransferSettings(open, write, idle, restartDelay, maxRestarts, restartWait, active, queued,
                maxBlockBytes, batchBytes, maxBlocks, progressEvery);
    }
}
