package io.caravan.store;

import io.caravan.model.FilAddress;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Sectors that somebody else numbered and seals; from then on they live in {@link SectorStore} as all others. */
public final class AdoptedSectors {

    private final Sql sql;
    private final Clock clock;
    private final SectorMoves moves;

    public AdoptedSectors(Sql sql, Clock clock, Deadlines deadlines) {
        this.sql = sql;
        this.clock = clock;
        this.moves = new SectorMoves(() -> deadlines);
    }

    /**
     * Stores and opens a sector under its number, unless it is here already: PreCommitPhase1, stage STAGING.
     *
     * @param sealProof the network's number of the seal proof type
     * @return the sector as it is here now
     */
    public Sector adopt(FilAddress miner, SectorNumber number, long sealProof) {
        Instant now = clock.instant();
        return sql.inTransaction(() -> {
            sql.one("sector/adopt", Map.of(), (row, n) -> row.getInt(1));
            return sql.one("sector/find", Map.of("number", number.value()), SectorRows::sector)
                    .orElseGet(() -> opened(Sector.fresh(miner, number, sealProof, now), now));
        });
    }

    private Sector opened(Sector fresh, Instant now) {
        SectorMoves.Moved moved = moves.fired(fresh, null, List.of(SectorEvent.OPEN), now);
        sql.write("sector/insert", SectorRows.inserted(moved.sector()));
        moved.moves().forEach(line -> sql.write("sector_event/append", SectorRows.appended(line, null)));
        return moved.sector();
    }
}
