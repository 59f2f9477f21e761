package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.util.ArrayList;
import java.util.List;

/**
 * Which piece lies where in a sector (sealing.md §1.5): each at a padded offset that is a multiple of its own size, zeros
 * between and behind as filler pieces, split from the smallest upward as Lotus splits them. Immutable.
 */
public final class SectorLayout {
    private final PaddedPieceSize sectorSize;
    private final List<PlacedPiece> placed;

    private SectorLayout(PaddedPieceSize sectorSize, List<PlacedPiece> placed) {
        this.sectorSize = sectorSize;
        this.placed = List.copyOf(placed);
    }

    public static SectorLayout empty(PaddedPieceSize sectorSize) {
        return new SectorLayout(sectorSize.checked(), List.of());
    }

    /** Places the pieces one behind the other, in this order; {@link IllegalArgumentException} when they do not fit. */
    public static SectorLayout of(PaddedPieceSize sectorSize, List<Piece> pieces) {
        SectorLayout layout = empty(sectorSize);
        for (Piece piece : pieces) {
            layout = layout.add(piece);
        }
        return layout;
    }

    /** Whether a piece of this size still finds an aligned place behind the last one. */
    public boolean fits(PaddedPieceSize size) {
        return aligned(size.checked()) <= sectorSize.bytes() - size.bytes();
    }

    /** This layout with one piece more, filler before it where alignment asks for it. */
    public SectorLayout add(Piece piece) {
        if (!fits(piece.size())) {
            throw new IllegalArgumentException("A piece of " + piece.size().bytes() + " bytes does not fit behind "
                    + used() + " used bytes of a sector of " + sectorSize.bytes());
        }
        var next = new ArrayList<>(placed);
        long offset = aligned(piece.size());
        fill(next, used(), offset);
        next.add(new PlacedPiece(piece, offset, false));
        return new SectorLayout(sectorSize, next);
    }

    /** Padded bytes taken so far, filler between pieces included, the tail not. */
    public long used() {
        return placed.isEmpty() ? 0 : placed.get(placed.size() - 1).end();
    }

    /** The pieces in order without filler. */
    public List<PlacedPiece> pieces() {
        return placed.stream().filter(p -> !p.filler()).toList();
    }

    /** Pieces, filler and tail: exactly the whole sector, as sealing software takes it. */
    public List<PlacedPiece> allPieces() {
        var all = new ArrayList<>(placed);
        fill(all, used(), sectorSize.bytes());
        return List.copyOf(all);
    }

    /** CommD of the whole sector; without a piece that of zeros. */
    public Cid commD() {
        var tree = new TreeStack();
        for (PlacedPiece p : allPieces()) {
            tree.push(new TreeStack.Node(ZeroCommitments.level(p.piece().size()), p.piece().commP().commitment()));
        }
        return Cid.commD(tree.root().hash());
    }

    private long aligned(PaddedPieceSize size) {
        return (used() + size.bytes() - 1) & -size.bytes();
    }

    private static void fill(List<PlacedPiece> out, long from, long to) {
        long at = from;
        while (at < to) {
            // The lowest set bit of what is left, also of the position: sizes rise towards an aligned end.
            long size = Long.lowestOneBit(to - at);
            out.add(new PlacedPiece(Piece.filler(new PaddedPieceSize(size)), at, true));
            at += size;
        }
    }
}
