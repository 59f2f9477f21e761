package io.caravan.piece;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import io.caravan.codec.Varint;
import io.caravan.model.PaddedPieceSize;
import java.io.ByteArrayOutputStream;

/** What one pass over a payload yields: its piece and how many payload bytes (before Fr32 and padding) went in. */
public record PieceCommitment(Piece piece, long payloadBytes) {
    public PieceCommitment {
        if (payloadBytes < 0 || payloadBytes > piece.size().bytes() / Fr32.PADDED_QUAD * Fr32.UNPADDED_QUAD) {
            throw new IllegalArgumentException(
                    payloadBytes + " payload bytes do not fit a piece of " + piece.size().bytes() + " bytes");
        }
    }

    public Cid commP() {
        return piece.commP();
    }

    /** Padded size of the piece. */
    public PaddedPieceSize size() {
        return piece.size();
    }

    /** The same payload in a piece of {@code target} bytes; refuses a smaller one. */
    public PieceCommitment paddedTo(PaddedPieceSize target) {
        return new PieceCommitment(piece.paddedTo(target), payloadBytes);
    }

    /** Piece CID v2 (FRC-0069), which also names the payload's length: {@code uvarint padding ‖ height ‖ root}. */
    public Cid pieceCidV2() {
        long unpadded = piece.size().bytes() / Fr32.PADDED_QUAD * Fr32.UNPADDED_QUAD;
        var digest = new ByteArrayOutputStream();
        digest.writeBytes(Varint.encode(unpadded - payloadBytes));
        digest.write(ZeroCommitments.level(piece.size()));
        digest.writeBytes(piece.commP().commitment());
        return Cid.v1(Cid.RAW,
                new Multihash(Multihash.FR32_SHA256_TRUNC254_PADBINTREE, Bytes.wrap(digest.toByteArray())));
    }
}
