package io.caravan.chain;

import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import io.caravan.model.UnpaddedPieceSize;
import java.net.URI;
import java.util.List;

/**
 * A Lotus miner that seals whole sectors for us (spec sealing 5.6, option M): it takes pieces, numbers, seals and proves
 * the sectors and sends its own messages.
 *
 * <p>Every method throws {@link io.caravan.model.RetryableException} when the miner did not answer, {@link
 * ChainRefusedException} when it answered no, and {@link io.caravan.codec.CodecException} when its answer cannot be
 * what it should be.
 */
public interface LotusMiner {

    /** Most sectors that it may list. */
    int MAX_SECTORS = 1_000_000;

    /** Whose sectors it seals. */
    FilAddress actor();

    /**
     * Asks it to put a piece into any of its sectors, and waits until it has. Not to be repeated before it is known what
     * became of the call before: without an answer the piece may be in a sector all the same.
     *
     * @param size unpadded, as many bytes as it reads from the source
     * @param source where it fetches them
     */
    SectorPlace addPiece(UnpaddedPieceSize size, URI source, PieceDealInfo deal);

    /** The numbers of all its sectors, those that were removed left out. */
    List<SectorNumber> sectors();

    /** What it says of one of its sectors. */
    MinerSector status(SectorNumber number);
}
