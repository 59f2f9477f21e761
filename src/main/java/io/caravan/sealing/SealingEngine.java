package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.SectorPiece;
import io.caravan.piece.Piece;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What computes a sector: writes its data, makes the replica, proves it (spec sealing 6.3). No chain and no deals here.
 *
 * <p>Every method may be called again with the same arguments, after a crash in the middle too, and comes to the same
 * result; what is already done is not done twice where that is expensive. An engine keeps its intermediate results in
 * its own files.
 *
 * <p>A method throws {@link io.caravan.model.RetryableException} when a later try may work (no space, a worker away),
 * {@link RedoException} when the sector's files are lost or wrong and it has to be sealed again, and
 * {@link PieceRefusedException} when a piece is not what its deal says.
 */
public interface SealingEngine {

    /** How a proof is made, for those who must know whether a chain takes it. */
    enum ProofKind {
        /** Bytes that only a devnet takes: they bind a proof's public inputs and prove nothing. */
        PLACEHOLDER,
        /** Whole vanilla proofs: a devnet checks every part of them, no other chain takes them. */
        VANILLA_DEVNET,
        /** What every Filecoin network takes. */
        GROTH16
    }

    /**
     * What the engine can do.
     *
     * @param hasReplica whether it really seals; without a replica the unsealed file is the only copy
     */
    record Capabilities(Set<SealProof> proofs, ProofKind proofKind, boolean hasReplica) {}

    /** Hears how far a long call is; calls come from the engine's threads, a few a second at most. */
    @FunctionalInterface
    interface Progress {

        /** Hears nothing. */
        Progress NONE = (sector, step, done, total) -> { };

        /** @param step what runs, one word; {@code done} and {@code total} in one unit, bytes for data */
        void at(SectorRef sector, String step, long done, long total);
    }

    /**
     * A piece of a sealed sector.
     *
     * @param ticket the replica's
     * @param offset where the piece begins in the sector, in padded bytes
     * @param from the first byte that is wanted, in unpadded bytes from the piece's start
     * @param bytes how many are wanted, unpadded
     */
    record UnsealedPiece(SectorRef sector, Bytes ticket, Cid commD, Piece piece, long offset, long from, long bytes) {

        public UnsealedPiece {
            long most = piece.size().unpadded().bytes();
            if (from < 0 || bytes < 0 || from > most || bytes > most - from) {
                throw new IllegalArgumentException("no " + bytes + " bytes from " + from + " in a piece of " + most);
            }
        }
    }

    Capabilities capabilities();

    /** What a step of such a sector takes of this node while it runs; the steps do not look themselves whether it is there. */
    Need need(SealStep step, SealProof proof);

    /** The most bytes that the files of such a sector take at a time until it is finalized, what sectors share left out. */
    long diskBytes(SealProof proof);

    /** One sentence that the node prints when it starts with this engine; empty when there is nothing to warn of. */
    Optional<String> notice();

    /**
     * Writes the pieces, Fr32-expanded, and zeros between and behind them into the sector's unsealed data, and holds
     * each piece's commitment against its deal's.
     *
     * @param pieces all of the sector, in the order in which they lie, each with its place
     * @param written told of each piece whose bytes are safely there; pieces told of before are not written again
     * @return CommD
     */
    Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written);

    /** Makes the layers of labels for this ticket. */
    void preCommit1(SectorRef sector, Bytes ticket, Cid commD);

    /** Makes the replica and its trees; returns CommR, the same for the same ticket and data. */
    Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD);

    /** Answers the seed's challenges and checks the answers. */
    void commit1(SealInputs inputs);

    /** The proof that goes on chain. */
    Bytes commit2(SealInputs inputs);

    /** The first thing that is wrong with these bytes as a proof of these inputs; empty when they prove them. Pure. */
    Optional<String> sealFlaw(SealInputs inputs, Bytes proof);

    /**
     * Looks whether the files of a sector that is sealed, and not yet finalized, are still those that were made; reads them
     * once. {@link #commit1} and {@link #commit2} look by themselves.
     */
    void requireSealed(Replica replica);

    /**
     * Keeps what proving the sector later needs, after a last look at it, and drops the rest; the unsealed data only if it
     * is told to or needs it.
     */
    void finalizeSector(Replica replica, boolean keepUnsealed);

    /**
     * Writes a range of a piece to {@code out}, after the whole piece was held against its commitment: nothing is written
     * of one that is damaged. Without an unsealed copy it may take as long as the labels of the sector did. Not twice at a
     * time for one sector.
     */
    void unseal(UnsealedPiece piece, OutputStream out, Progress heard);

    /** Deletes what was made of the sector's data; the data stays. */
    void forget(SectorRef sector);

    /** Deletes every file of the sector. */
    void remove(SectorRef sector);
}
