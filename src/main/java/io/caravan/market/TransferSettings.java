package io.caravan.market;

import java.time.Duration;

/**
 * Limits and deadlines of data transfers. How long a deal may wait for its data at all is not among them: that is the
 * deal's own limit, kept in its row.
 *
 * @param timing how long things may take
 * @param places how many transfers may move and wait
 * @param blocks how large what moves may be
 */
public record TransferSettings(Timing timing, Room places, Blocks blocks) {

    public static final TransferSettings DEFAULT = new TransferSettings(
            new Timing(Duration.ofSeconds(45), Duration.ofSeconds(30), Duration.ofSeconds(60),
                    new Restarts(Duration.ofSeconds(1), Duration.ofMinutes(5), 12), Duration.ofSeconds(1)),
            new Room(20, 20, 1000), new Blocks(2 << 20, 512 << 10, 1 << 20));

    /**
     * @param open opening a stream, with the dial
     * @param write a single wait until the peer takes bytes
     * @param stall no byte for so long makes a transfer STALLED: its place is lent to another, the client restarts it
     * @param restarts the client's restarts
     * @param progressEvery how often progress is journalled while bytes move
     */
    public record Timing(Duration open, Duration write, Duration stall, Restarts restarts, Duration progressEvery) {}

    /**
     * @param debounce the client's wait before its first restart; twice as long at each further one
     * @param backoff the longest wait between two restarts
     * @param most restarts in a row without a byte between them; then the transfer has failed
     */
    public record Restarts(Duration debounce, Duration backoff, int most) {

        public Restarts {
            if (most < 0 || debounce.isNegative() || backoff.compareTo(debounce) < 0) {
                throw new IllegalArgumentException("restarts that wait from " + debounce + " to " + backoff
                        + " make no sense");
            }
        }

        /** The wait before a restart, the first being 1. */
        Duration before(int restart) {
            Duration wait = debounce;
            for (int i = 1; i < restart && wait.compareTo(backoff) < 0; i++) {
                wait = wait.multipliedBy(2);
            }
            return wait.compareTo(backoff) < 0 ? wait : backoff;
        }
    }

    /**
     * @param active transfers that move bytes at the same time
     * @param activePerPeer of them with one peer
     * @param waiting transfers that wait for a place in memory; those beyond wait at the client, which asks again
     */
    public record Room(int active, int activePerPeer, int waiting) {

        public Room {
            if (active < 1 || activePerPeer < 1 || waiting < 0) {
                throw new IllegalArgumentException("a transfer limit is below what makes sense");
            }
        }
    }

    /**
     * @param largest bytes of the largest block sent or taken
     * @param batch bytes of blocks in one message that we send
     * @param most different blocks of one DAG
     */
    public record Blocks(int largest, int batch, int most) {

        public Blocks {
            if (largest < 1 || largest > 2 << 20 || batch < 1 || batch > 1 << 20 || most < 1) {
                throw new IllegalArgumentException("a block holds at most 2 MiB, a batch at most 1 MiB");
            }
        }
    }

    /** The same with another limit for silence. */
    public TransferSettings withStall(Duration limit) {
        return new TransferSettings(new Timing(timing.open(), timing.write(), limit, timing.restarts(),
                timing.progressEvery()), places, blocks);
    }

    /** The same with other restarts. */
    public TransferSettings withRestarts(Restarts restarts) {
        return new TransferSettings(new Timing(timing.open(), timing.write(), timing.stall(), restarts,
                timing.progressEvery()), places, blocks);
    }

    /** The same with progress journalled that often. */
    public TransferSettings withProgressEvery(Duration period) {
        return new TransferSettings(new Timing(timing.open(), timing.write(), timing.stall(), timing.restarts(), period),
                places, blocks);
    }

    /** The same with room for more or fewer. */
    public TransferSettings withPlaces(Room room) {
        return new TransferSettings(timing, room, blocks);
    }
}
