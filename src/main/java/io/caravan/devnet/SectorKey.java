package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.Comparator;

/** One sector of one miner; sorted by miner, then number. */
record SectorKey(long miner, long number) implements Comparable<SectorKey> {

    private static final Comparator<SectorKey> ORDER =
            Comparator.comparingLong(SectorKey::miner).thenComparingLong(SectorKey::number);

    @Override
    public int compareTo(SectorKey other) {
        return ORDER.compare(this, other);
    }

    void writeTo(CborWriter out) {
        out.array(2).uint(miner).uint(number);
    }

    static SectorKey readFrom(CborReader in) {
        in.tuple(2);
        return new SectorKey(in.uint(), in.uint());
    }
}
