package io.caravan.devnet;

import io.caravan.chain.ExitCode;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The commitment of a sector computed from those of its pieces in order (sealing §1): each piece starts at a multiple
 * of its own size, gaps and the rest of the sector are zeros.
 */
final class CommD {

    private static final int SMALLEST = 7; // 128 bytes
    private static final byte[][] ZEROS = zeros();

    private record Part(int height, byte[] commitment) {
    }

    private final Deque<Part> parts = new ArrayDeque<>();

    private CommD() {
    }

    /** @throws ActorException (illegal argument) when the pieces are not pieces, or do not fit */
    static Cid of(List<PieceActivationManifest> pieces, long sectorSize) {
        int top = Long.numberOfTrailingZeros(sectorSize);
        CommD commD = new CommD();
        for (PieceActivationManifest piece : pieces) {
            Call.require(piece.size().isLegal() && piece.piece().isCommP(), ExitCode.ILLEGAL_ARGUMENT,
                    "a piece of a sector has a size of a power of two and a piece CID");
            int height = Long.numberOfTrailingZeros(piece.size().bytes());
            Call.require(height <= top, ExitCode.ILLEGAL_ARGUMENT, "a piece is larger than its sector");
            commD.padTo(height);
            commD.push(new Part(height, piece.piece().commitment()));
            Call.require(commD.parts.getLast().height() < top || commD.parts.size() == 1, ExitCode.ILLEGAL_ARGUMENT,
                    "the pieces do not fit into the sector");
            Call.require(commD.parts.getFirst().height() <= top, ExitCode.ILLEGAL_ARGUMENT,
                    "the pieces do not fit into the sector");
        }
        if (pieces.isEmpty()) {
            return zero(sectorSize);
        }
        while (commD.parts.size() > 1 || commD.parts.getLast().height() < top) {
            commD.push(zeroPart(commD.parts.getFirst().height()));
        }
        return Cid.commD(commD.parts.getFirst().commitment());
    }

    /** CommD of a sector of zeros. */
    static Cid zero(long sectorSize) {
        return Cid.commD(zeroPart(Long.numberOfTrailingZeros(sectorSize)).commitment());
    }

    /** Zeros until a piece of this height is aligned. The newest part is first in the deque. */
    private void padTo(int height) {
        while (!parts.isEmpty() && parts.getFirst().height() < height) {
            push(zeroPart(parts.getFirst().height()));
        }
    }

    private void push(Part part) {
        Part next = part;
        while (!parts.isEmpty() && parts.getFirst().height() == next.height()) {
            next = new Part(next.height() + 1, node(parts.removeFirst().commitment(), next.commitment()));
        }
        parts.addFirst(next);
    }

    private static Part zeroPart(int height) {
        return new Part(height, ZEROS[height]);
    }

    private static byte[][] zeros() {
        byte[][] zeros = new byte[64][];
        byte[] at = new byte[32];
        for (int height = 5; height < zeros.length; height++) {
            zeros[height] = at;
            at = node(at, at);
        }
        for (int height = 0; height < SMALLEST; height++) {
            zeros[height] = zeros[5]; // never asked for: no piece is smaller than 128 bytes
        }
        return zeros;
    }

    private static byte[] node(byte[] left, byte[] right) {
        byte[] hash = Hashes.sha256(left, right);
        hash[31] &= 0x3f;
        return hash;
    }
}
