package io.caravan.sealing;

/**
 * What a step takes of its node while it runs (spec sealing 6.3).
 *
 * @param cpu cores
 * @param heap bytes of the JVM's heap
 */
public record Need(int cpu, long heap) {

    /** Runs at once, whatever else runs. */
    public static final Need NOTHING = new Need(0, 0);

    public Need {
        if (cpu < 0 || heap < 0) {
            throw new IllegalArgumentException("a step cannot need " + cpu + " cores and " + heap + " bytes of heap");
        }
    }
}
