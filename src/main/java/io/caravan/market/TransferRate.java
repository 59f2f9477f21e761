package io.caravan.market;

/** How fast bytes moved of late: an average in which a byte counts half after five seconds. Not thread-safe. */
final class TransferRate {

    private static final double HALF_LIFE_SECONDS = 5;
    private static final double NANOS = 1e9;

    private double perSecond;
    private long bytes;
    private long at;

    /** Counts from here; what moved before says nothing about now. */
    void begin(long bytesSoFar, long nanos) {
        perSecond = 0;
        bytes = bytesSoFar;
        at = nanos;
    }

    /**
     * Takes a reading.
     *
     * @return bytes a second
     */
    long read(long bytesNow, long nanos) {
        double seconds = (nanos - at) / NANOS;
        if (seconds <= 0) {
            return (long) perSecond;
        }
        double latest = Math.max(0, bytesNow - bytes) / seconds;
        double weight = perSecond == 0 ? 1 : 1 - Math.pow(0.5, seconds / HALF_LIFE_SECONDS);
        perSecond += weight * (latest - perSecond);
        bytes = bytesNow;
        at = nanos;
        return (long) perSecond;
    }
}
