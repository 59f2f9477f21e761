package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;

/** One piece as a deal and the chain name it: its commitment and its padded size. */
public record Piece(Cid commP, PaddedPieceSize size) {
    public Piece {
        if (!commP.isCommP()) {
            throw new IllegalArgumentException(commP + " is not a piece CID");
        }
        if (size.checked().bytes() > PieceSizes.MAX_PADDED) {
            throw new IllegalArgumentException("A piece of " + size.bytes() + " bytes is larger than 64 GiB");
        }
    }

    /** A piece of zeros, as filler and tail of a sector. */
    public static Piece filler(PaddedPieceSize size) {
        return new Piece(ZeroCommitments.commP(size), size);
    }

    /** The same data followed by zeros up to {@code target}: what a deal with a larger piece size commits to. */
    public Piece paddedTo(PaddedPieceSize target) {
        if (target.bytes() < size.bytes()) {
            throw new IllegalArgumentException(
                    "Data needs a piece of " + size.bytes() + " bytes, the piece has " + target.bytes());
        }
        var node = new TreeStack.Node(ZeroCommitments.level(size), commP.commitment());
        return new Piece(Cid.commP(new TreeStack().grow(node, ZeroCommitments.level(target)).hash()), target);
    }
}
