package io.caravan.sealing;

import io.caravan.model.RetryableException;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.store.SectorStore;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bytes of placed pieces into sectors that still take pieces (AddPiece, deal-lifecycle §10.4), one after the
 * other in the order in which they lie. A piece whose data cannot be read, or has another commitment than its deal says,
 * loses its place, and the sector is as it was before; the piece is tried again until it is too late to seal it.
 */
public final class PieceWriter {

    private static final Logger LOG = LoggerFactory.getLogger(PieceWriter.class);
    private static final int BATCH = 64;

    private final SealingTools tools;
    private final SectorStore sectors;

    public PieceWriter(SealingTools tools) {
        this.tools = tools;
        this.sectors = tools.sectors();
    }

    /** Writes what is placed and not written; calling it again does no harm. */
    public void write() {
        sectors.unwrittenPieces(BATCH).forEach(piece -> sectors.pieceOf(piece.proposalCid())
                .filter(now -> now.sector() != null && now.written() == null) // set back behind another one meanwhile
                .ifPresent(this::write));
    }

    private void write(SectorPiece piece) {
        Optional<SectorRef> ref = sectors.find(piece.sector()).map(SectorRef::of);
        if (ref.isEmpty()) {
            return;
        }
        Need need = tools.engine().need(SealStep.ADD_PIECES, ref.get().proof());
        SealTokens.Answer answer = tools.room().tokens().ask(SealStep.ADD_PIECES, need, () -> { }); // it looks each second
        SealTokens.Pass pass = answer.pass();
        if (pass == null) {
            sectors.keepWaiting(piece.proposalCid(), String.valueOf(answer.waitsFor()));
            return;
        }
        try (pass) {
            pass.of(ref.get().number());
            write(piece, ref.get());
        }
    }

    private void write(SectorPiece piece, SectorRef sector) {
        SectorNumber number = sector.number();
        try {
            tools.engine().addPieces(sector, upTo(piece, number), written -> sectors.written(written.proposalCid()));
        } catch (PieceRefusedException | RetryableException e) {
            LOG.warn("the piece of deal {} is not taken into sector {} this time: {}", piece.proposalCid(), number,
                    e.getMessage());
            sectors.setBack(piece.proposalCid(), String.valueOf(e.getMessage()));
        }
    }

    private List<SectorPiece> upTo(SectorPiece last, SectorNumber number) {
        return sectors.piecesOf(number).stream().filter(piece -> piece.offset() <= last.offset()).toList();
    }
}
