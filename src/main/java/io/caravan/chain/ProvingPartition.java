package io.caravan.chain;

/**
 * Sectors that are proven together in one deadline (StateMinerPartitions).
 *
 * @param live all that are not gone
 * @param faulty those of them that are faulty
 * @param recovering those of the faulty that were declared recovered and wait for their proof
 * @param isProven whether a proof of it landed since its deadline opened
 */
public record ProvingPartition(long index, BitField live, BitField faulty, BitField recovering, boolean isProven) {

    /** Whether the next proof has to hold this sector. */
    public boolean isDue(long sector) {
        return live.contains(sector) && (!faulty.contains(sector) || recovering.contains(sector));
    }
}
