package io.caravan.sealing;

import io.caravan.store.DiskReservations;
import io.caravan.support.TestPostgres;
import java.time.Clock;

/** Room to seal in for tests that are about something else. */
final class SealingRooms {

    private SealingRooms() {}

    /** More cores, heap and disk than any test takes. */
    static SealingRoom ample(TestPostgres postgres, SectorFiles files, Clock clock) {
        return new SealingRoom(new SealTokens(() -> new SealTokens.Sizes(64, 1L << 40), clock),
                new SealingDisk(new DiskReservations(postgres.database().sql(), clock), files, () -> 1L << 50,
                        () -> new SealingDisk.Limits(0, 0)));
    }
}
