package io.caravan.sealing;

import io.caravan.model.Sector;
import org.jspecify.annotations.Nullable;

/** What an earlier step must have left behind. */
final class Known {

    private Known() {}

    static <T> T of(@Nullable T fact, Sector sector, String name) {
        if (fact == null) {
            throw new IllegalStateException("sector " + sector.number() + " is in " + sector.state() + " without "
                    + name);
        }
        return fact;
    }

    /** What the sector's files must hold, once its replica is made. */
    static Replica replica(Sector sector) {
        return new Replica(SectorRef.of(sector), of(sector.ticket(), sector, "a ticket").value(),
                of(sector.commD(), sector, "CommD"), of(sector.commR(), sector, "CommR"));
    }

    /** The public inputs of the sector's proof, once its seed is drawn. */
    static SealInputs inputs(Sector sector) {
        return new SealInputs(SectorRef.of(sector), of(sector.commD(), sector, "CommD"),
                of(sector.commR(), sector, "CommR"),
                of(sector.ticket(), sector, "a ticket").value(), of(sector.seed(), sector, "a seed").value());
    }
}
