package io.caravan.devnet;

/**
 * When a miner has to prove that it still holds its sectors (sealing §3.5). A proving period is cut into deadlines; each
 * sector belongs to one, and its proof has to land while that deadline is open. All numbers but the count are epochs.
 *
 * @param window how long one deadline is open
 * @param deadlines how many make one period
 * @param lookback the challenge is drawn so long before the deadline opens
 * @param cutoff faults and recoveries are declared at least so long before it opens
 * @param partitionSectors so many sectors are proven together
 * @param isEnforced whether anybody is asked: sectors activated while it is off never are
 */
public record ProvingRules(long window, int deadlines, long lookback, long cutoff, int partitionSectors,
        boolean isEnforced) {

    private static final int MAINNET_DEADLINES = 48;
    private static final long MAINNET_WINDOW = 60;
    private static final long MAINNET_LOOKBACK = 20;
    private static final long MAINNET_CUTOFF = 70;
    private static final int SMALL_PARTITION = 2;

    public ProvingRules {
        if (deadlines < 3 || deadlines > MAINNET_DEADLINES || window < 2 || lookback < 1 || lookback > window
                || cutoff < lookback || partitionSectors < 1) {
            throw new IllegalArgumentException("3 to 48 deadlines of at least 2 epochs, the challenge at most one deadline "
                    + "before, the cut-off not after it: " + window + "×" + deadlines + ", " + lookback + ", " + cutoff);
        }
    }

    /** 48 deadlines of 60 epochs, two sectors a partition as for all small sectors; nobody is asked. */
    public static ProvingRules mainnet() {
        return new ProvingRules(MAINNET_WINDOW, MAINNET_DEADLINES, MAINNET_LOOKBACK, MAINNET_CUTOFF, SMALL_PARTITION, false);
    }

    /**
     * Mainnet's day in so many epochs, challenge and cut-off in proportion.
     *
     * @param period a multiple of 48, at least 144
     */
    public static ProvingRules ofPeriod(long period) {
        long window = period / MAINNET_DEADLINES;
        if (period % MAINNET_DEADLINES != 0 || window < 3) {
            throw new IllegalArgumentException("a proving period is a multiple of " + MAINNET_DEADLINES
                    + " epochs, at least " + 3 * MAINNET_DEADLINES + ", not " + period);
        }
        return new ProvingRules(window, MAINNET_DEADLINES, Math.max(1, window * MAINNET_LOOKBACK / MAINNET_WINDOW),
                Math.max(1, window * MAINNET_CUTOFF / MAINNET_WINDOW), SMALL_PARTITION, true);
    }

    /** The same rules, asked or not. */
    public ProvingRules enforced(boolean isAsked) {
        return new ProvingRules(window, deadlines, lookback, cutoff, partitionSectors, isAsked);
    }

    /** Epochs from one proof of a sector to the next. */
    public long period() {
        return window * deadlines;
    }

    /** The deadline that is open in this epoch. */
    Deadline at(long epoch) {
        long start = epoch - epoch % period();
        return deadline(start, (int) ((epoch - start) / window));
    }

    /** This deadline's next opening that is not over before the epoch: the open one, or the one to come. */
    Deadline next(long index, long epoch) {
        long start = epoch - epoch % period();
        Deadline now = deadline(start, index);
        return now.close() > epoch ? now : deadline(start + period(), index);
    }

    private Deadline deadline(long start, long index) {
        long open = start + index * window;
        return new Deadline(start, index, open, open + window, Math.max(0, open - lookback), open - cutoff);
    }

    /**
     * One opening of a deadline.
     *
     * @param close first epoch in which it is over
     * @param challenge whose beacon the challenge is drawn from
     * @param cutoff from this epoch on nothing is declared for it any more
     */
    record Deadline(long periodStart, long index, long open, long close, long challenge, long cutoff) {

        /** The last epoch in which a proof may land. */
        long last() {
            return close - 1;
        }
    }
}
