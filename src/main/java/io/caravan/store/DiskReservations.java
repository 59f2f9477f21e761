package io.caravan.store;

import io.caravan.model.Sector;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What the sectors that are being sealed may take of the sealing folder (spec sealing 6.3), as rows: a sector is opened in
 * the transaction that reserves for it, of two nodes that want the last room one gets it, and a kill loses nothing. All
 * nodes of one database seal in one folder.
 */
public final class DiskReservations {

    private final Sql sql;
    private final Clock clock;

    /** @param sql on the same database as the sectors */
    public DiskReservations(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @param bytes the most that the sector takes until it is finalized */
    public record Reservation(Sector sector, long bytes) {}

    /**
     * Opens a sector and reserves for it, if there is room.
     *
     * @param room bytes that are left beside what is reserved already
     * @return the sector; empty when the room is less than {@code bytes}, then nothing has changed
     */
    public Optional<Sector> open(long bytes, ToLongFunction<List<Reservation>> room, Supplier<Sector> opening) {
        return sql.inTransaction(() -> {
            sql.one("sector_disk/lock", Map.of(), (row, number) -> row.getInt(1));
            if (room.applyAsLong(list()) < bytes) {
                return Optional.empty();
            }
            Sector opened = opening.get();
            sql.write("sector_disk/insert", Map.of("number", opened.number().value(), "bytes", bytes, "now", clock.instant()));
            return Optional.of(opened);
        });
    }

    /** What is reserved now, by the sectors' numbers. */
    public List<Reservation> list() {
        return sql.inTransaction(() -> {
            sql.write("sector_disk/forget", Map.of());
            return sql.list("sector_disk/list", Map.of(), (row, number) ->
                    new Reservation(SectorRows.sector(row, number), row.getLong("reserved_bytes")));
        });
    }

    /** Reserves so much for each sector that is being sealed without a reservation; how many there were. */
    public int fill(long bytes) {
        return sql.write("sector_disk/fill", Map.of("bytes", bytes, "now", clock.instant()));
    }
}
