package io.caravan.sealing;

import io.caravan.chain.DevnetProof;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Seals nothing: the data and CommD are real, each piece is checked against its deal, but no replica is made. CommR is
 * a tagged hash and the proof is {@link DevnetProof}, which only the embedded devnet takes. In the replica's place under
 * {@code sealed/} stands, once the sector is finalized, the unsealed data itself; what is under {@code unsealed/} then is
 * the second copy that fast retrieval asks for.
 */
public final class PlaceholderEngine implements SealingEngine {

    private final SectorFiles files;
    private final SectorData data;
    private final Progress progress;

    public PlaceholderEngine(SectorFiles files, Progress progress) {
        this.files = files;
        this.data = new SectorData(files, progress);
        this.progress = progress;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.allOf(SealProof.class), ProofKind.PLACEHOLDER, false);
    }

    /** Only the data is computed with: held against its commitments. */
    @Override
    public Need need(SealStep step, SealProof proof) {
        return step == SealStep.ADD_PIECES ? SectorData.NEED : Need.NOTHING;
    }

    /** The data, and the copy in the replica's place. */
    @Override
    public long diskBytes(SealProof proof) {
        return 2 * proof.sectorSize().bytes();
    }

    @Override
    public Optional<String> notice() {
        return Optional.of("The placeholder sealing engine is in use: sectors hold their data but no replica is made, "
                + "and their proofs are accepted by the embedded devnet only.");
    }

    @Override
    public Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written) {
        return data.addPieces(sector, pieces, written);
    }

    @Override
    public void preCommit1(SectorRef sector, Bytes ticket, Cid commD) {
        data.require(sector);
        progress.at(sector, "labels", 1, 1);
    }

    @Override
    public Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD) {
        data.require(sector);
        progress.at(sector, "trees", 1, 1);
        return DevnetProof.sealed(sector.miner(), sector.number(), commD, ticket);
    }

    @Override
    public void commit1(SealInputs inputs) {
        data.require(inputs.sector());
    }

    @Override
    public Bytes commit2(SealInputs inputs) {
        return DevnetProof.of(publicInputs(inputs));
    }

    @Override
    public Optional<String> sealFlaw(SealInputs inputs, Bytes proof) {
        return DevnetProof.isProof(proof, publicInputs(inputs)) ? Optional.empty()
                : Optional.of("it is not the placeholder for these inputs");
    }

    @Override
    public void requireSealed(Replica replica) {
        data.require(replica.sector());
    }

    @Override
    public void finalizeSector(Replica made, boolean keepUnsealed) {
        SectorRef sector = made.sector();
        Path replica = files.sealed(sector);
        if (Files.exists(replica) && !Files.exists(files.unsealed(sector))) {
            return; // finalized before, without a copy to keep
        }
        data.require(sector);
        try {
            if (keepUnsealed) {
                Path copy = files.sealedToWrite(sector).resolveSibling(sector.fileName() + ".part");
                Files.copy(files.unsealed(sector), copy, StandardCopyOption.REPLACE_EXISTING);
                Files.move(copy, replica, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(files.unsealed(sector), files.sealedToWrite(sector), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot finalize " + sector + ": " + e, e);
        }
    }

    @Override
    public void forget(SectorRef sector) {
        // nothing is made of the data
    }

    @Override
    public void remove(SectorRef sector) {
        try {
            Files.deleteIfExists(files.unsealed(sector));
            Files.deleteIfExists(files.sealed(sector));
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot delete the data of " + sector + ": " + e, e);
        }
    }

    @Override
    public void unseal(UnsealedPiece piece, OutputStream out, Progress heard) {
        boolean isFinalized = !Files.exists(files.unsealed(piece.sector()));
        try {
            data.copy(isFinalized ? files.sealed(piece.sector()) : files.unsealed(piece.sector()), piece.offset(), piece,
                    out);
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot read the data of " + piece.sector() + ": " + e, e);
        }
    }

    private static DevnetProof.Inputs publicInputs(SealInputs in) {
        return new DevnetProof.Inputs(in.sector().miner(), in.sector().proof().number(), in.sector().number(),
                in.commR(),
                in.commD(), in.ticket(), in.seed());
    }
}
