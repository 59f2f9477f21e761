package io.caravan.node.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What customers want, decided by the seed. */
final class Plan {

    /**
     * One deal.
     *
     * @param number from 1
     * @param placed when its customer asks for it, from the beginning
     * @param bytes of its payload
     * @param start days from its placing to its start
     * @param epochs how long it lasts
     */
    record Wish(int number, Duration placed, int bytes, double start, long epochs, Terms terms) {
    }

    /**
     * What sort of deal it is.
     *
     * @param isOffline its data is carried to the miner
     * @param isCheap offers less than the miner asks, and is refused
     */
    record Terms(boolean isFast, boolean isVerified, boolean isOffline, boolean isCheap) {

        /** An offer that no miner takes. */
        static final Terms CHEAP = new Terms(false, false, false, true);
    }

    private static final long DAY_EPOCHS = 2880;
    private static final int LEAST_BYTES = 127;
    private static final int MOST_BYTES = 1400;
    private static final double EARLIEST_START = 2.5;
    private static final double LATEST_START = 5;
    private static final double VERIFIED = 0.2;
    private static final double OFFLINE = 0.15;
    private static final double CHEAP = 0.03;

    private Plan() {}

    /** The shortest deal of a simulation so long, in epochs: some end while it lasts. */
    static long shortest(int days) {
        return Math.max(1, days / 4) * DAY_EPOCHS;
    }

    /** So many deals, placed over the first tenth of the time, some of which end within it. */
    static List<Wish> of(Seed seed, int deals, int days) {
        List<Wish> wishes = new ArrayList<>();
        for (int number = 1; number <= deals; number++) {
            RandomGenerator random = seed.random("deal " + number);
            Duration placed = Duration.ofSeconds((long) (random.nextDouble() * Math.max(0.2, days * 0.1) * 86_400));
            long epochs = shortest(days) + random.nextLong(DAY_EPOCHS * Math.max(1, days));
            wishes.add(new Wish(number, placed, random.nextInt(LEAST_BYTES, MOST_BYTES),
                    random.nextDouble(EARLIEST_START, LATEST_START), epochs, new Terms(random.nextBoolean(),
                    random.nextDouble() < VERIFIED, random.nextDouble() < OFFLINE, random.nextDouble() < CHEAP)));
        }
        return wishes;
    }
}
