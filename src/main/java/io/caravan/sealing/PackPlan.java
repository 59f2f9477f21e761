package io.caravan.sealing;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.store.SectorStore.OpenSector;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which waiting piece goes next, and into which open sector (spec sealing 5.5): the pair that wastes least to
 * alignment.
 */
final class PackPlan {

    private static final Comparator<Pair> ORDER = Comparator.comparingLong(Pair::gap).thenComparing(pair -> pair.size)
            .thenComparing(Pair::sector);

    private final PaddedPieceSize sectorSize;
    private final int maxPieces;

    PackPlan(PaddedPieceSize sectorSize, int maxPieces) {
        this.sectorSize = sectorSize;
        this.maxPieces = maxPieces;
    }

    /** A piece and a sector that has room for it; {@code gap} are the padded bytes left empty before it. */
    record Pair(Cid proposalCid, PaddedPieceSize size, SectorNumber sector, long gap) {}

    /** The best of all pairs that fit; of equal ones the smaller piece, then the older sector, then the order given. */
    Optional<Pair> next(Collection<SectorPiece> waiting, Collection<OpenSector> open) {
        return waiting.stream().flatMap(piece -> open.stream().filter(sector -> fits(piece, sector))
                .map(sector -> new Pair(piece.proposalCid(), piece.size(), sector.sector().number(),
                        gap(piece, sector)))).min(ORDER);
    }

    /** Whether nothing more can go into the sector. */
    boolean isFull(OpenSector sector) {
        return sector.pieces() >= maxPieces || sector.used() > sectorSize.bytes() - PaddedPieceSize.MIN.bytes();
    }

    private boolean fits(SectorPiece piece, OpenSector sector) {
        return sector.pieces() < maxPieces
                && sector.used() + gap(piece, sector) <= sectorSize.bytes() - piece.size().bytes();
    }

    private static long gap(SectorPiece piece, OpenSector sector) {
        return Math.floorMod(-sector.used(), piece.size().bytes());
    }
}
