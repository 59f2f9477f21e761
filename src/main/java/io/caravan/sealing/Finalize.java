package io.caravan.sealing;

import io.caravan.model.Sector;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.store.SectorStore;

/** Sixth step: what proving needs stays, the rest goes; the unsealed data stays when a deal asks for fast retrieval. */
public final class Finalize {

    private final SectorStore sectors;
    private final SealingEngine engine;

    public Finalize(SealingTools tools) {
        this.sectors = tools.sectors();
        this.engine = tools.engine();
    }

    /** Tidies up; calling it again does no harm. */
    public Sector run(Sector sector) {
        boolean keepUnsealed = sectors.piecesOf(sector.number()).stream().anyMatch(SectorPiece::keepUnsealed);
        engine.finalizeSector(SectorRef.of(sector), keepUnsealed);
        return sector.withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING);
    }
}
