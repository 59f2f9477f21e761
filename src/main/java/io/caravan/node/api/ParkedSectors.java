package io.caravan.node.api;

import io.caravan.model.Sector;
import io.caravan.node.api.AlertsApi.Alert;
import io.caravan.store.SectorStore;
import java.util.List;

/** Sectors that wait for a person, as alerts. */
public final class ParkedSectors {

    private static final int MOST = 20;

    private ParkedSectors() {}

    public static List<Alert> alerts(SectorStore sectors) {
        return sectors.allParked(MOST).stream().map(ParkedSectors::alert).toList();
    }

    private static Alert alert(Sector sector) {
        String error = sector.waiting().lastError() != null ? sector.waiting().lastError() : sector.message();
        return new Alert("sector-" + sector.number().value(), true, "Sector " + sector.number().value() + " stopped and waits for a person",
                error == null ? "It is in " + sector.state().wireName() + "." : error,
                "Mend the cause, then press \"Try again\" at the sector; drop it only if its data is lost", sector.enteredAt(), "#/pipeline");
    }
}
