package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.Comparator;

/**
 * Something cron looks at in one epoch.
 *
 * @param owner the miner's actor id; 0 where the id alone says it
 * @param id deal, allocation or sector number, or a deadline's index
 */
record CronKey(long epoch, int kind, long owner, long id) implements Comparable<CronKey> {

    /** First look at a deal once its start epoch has come. */
    static final int DEAL = 0;
    /** A pre-commit that was never proven. */
    static final int PRE_COMMIT = 1;
    /** A sector's last epoch. */
    static final int SECTOR = 2;
    /** A sector that was faulty too long. */
    static final int FAULT = 3;
    /** The last epoch of a deadline; the id is its index. */
    static final int DEADLINE = 4;

    private static final Comparator<CronKey> ORDER = Comparator.comparingLong(CronKey::epoch)
            .thenComparingInt(CronKey::kind).thenComparingLong(CronKey::owner).thenComparingLong(CronKey::id);

    @Override
    public int compareTo(CronKey other) {
        return ORDER.compare(this, other);
    }

    void writeTo(CborWriter out) {
        out.array(4).integer(epoch).uint(kind).uint(owner).uint(id);
    }

    static CronKey readFrom(CborReader in) {
        in.tuple(4);
        return new CronKey(in.integer(), (int) in.uint(), in.uint(), in.uint());
    }
}
