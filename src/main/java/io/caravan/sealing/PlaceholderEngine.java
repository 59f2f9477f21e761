package io.caravan.sealing;

import io.caravan.chain.DevnetProof;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.piece.SectorLayout;
import io.caravan.piece.UnsealedSector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
    private final Progress progress;

    public PlaceholderEngine(SectorFiles files, Progress progress) {
        this.files = files;
        this.progress = progress;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.allOf(SealProof.class), ProofKind.PLACEHOLDER, false);
    }

    @Override
    public Optional<String> notice() {
        return Optional.of("The placeholder sealing engine is in use: sectors hold their data but no replica is made, "
                + "and their proofs are accepted by the embedded devnet only.");
    }

    @Override
    public Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written) {
        SectorLayout layout = layout(sector, pieces);
        try {
            boolean isFresh = !Files.exists(files.unsealed(sector));
            try (FileChannel channel = FileChannel.open(files.unsealedToWrite(sector), StandardOpenOption.CREATE,
                    StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                UnsealedSector unsealed = new UnsealedSector(channel);
                channel.truncate(isFresh ? 0 : writtenBytes(pieces)); // what a refused piece left behind
                unsealed.extendTo(sector.proof().sectorSize());
                for (SectorPiece piece : pieces) {
                    if (isFresh || piece.written() == null) {
                        write(sector, unsealed, piece);
                        channel.force(false);
                        written.accept(piece);
                    }
                }
            }
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot write the data of " + sector + ": " + e, e);
        }
        return layout.commD();
    }

    /** Padded bytes up to the end of the last piece that is safely there. */
    private static long writtenBytes(List<SectorPiece> pieces) {
        return pieces.stream().filter(piece -> piece.written() != null && piece.offset() != null)
                .mapToLong(piece -> piece.offset() + piece.size().bytes()).max().orElse(0);
    }

    private void write(SectorRef sector, UnsealedSector unsealed, SectorPiece piece) throws IOException {
        Long offset = piece.offset();
        if (offset == null) {
            throw new IllegalArgumentException("the piece of " + piece.proposalCid() + " has no place");
        }
        progress.at(sector, "pieces", offset, sector.proof().sectorSize().bytes());
        PieceCommitment made;
        try (InputStream payload = Files.newInputStream(Path.of(piece.file()))) {
            made = unsealed.write(offset, piece.size(), payload);
        } catch (NoSuchFileException e) {
            throw new PieceRefusedException(piece.proposalCid(), "its data is gone: " + piece.file());
        } catch (IllegalArgumentException e) {
            throw new PieceRefusedException(piece.proposalCid(), "its data does not fit: " + e.getMessage());
        }
        if (!made.commP().equals(piece.pieceCid())) {
            throw new PieceRefusedException(piece.proposalCid(),
                    "its data has the commitment " + made.commP() + ", the deal says " + piece.pieceCid());
        }
        progress.at(sector, "pieces", offset + piece.size().bytes(), sector.proof().sectorSize().bytes());
    }

    /** The places were given one piece at a time; that they are those of the whole list is what CommD stands on. */
    private static SectorLayout layout(SectorRef sector, List<SectorPiece> pieces) {
        SectorLayout layout = SectorLayout.of(sector.proof().sectorSize(),
                pieces.stream().map(piece -> new Piece(piece.pieceCid(), piece.size())).toList());
        for (int i = 0; i < pieces.size(); i++) {
            Long offset = pieces.get(i).offset();
            if (offset == null || offset != layout.pieces().get(i).offset()) {
                throw new IllegalArgumentException("piece " + i + " of " + sector + " lies at " + offset
                        + ", its place is "
                        + layout.pieces().get(i).offset());
            }
        }
        return layout;
    }

    @Override
    public void preCommit1(SectorRef sector, Bytes ticket, Cid commD) {
        requireData(sector);
        progress.at(sector, "labels", 1, 1);
    }

    @Override
    public Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD) {
        requireData(sector);
        progress.at(sector, "trees", 1, 1);
        return DevnetProof.sealed(sector.miner(), sector.number(), commD, ticket);
    }

    @Override
    public void commit1(SealInputs inputs) {
        requireData(inputs.sector());
    }

    @Override
    public Bytes commit2(SealInputs inputs) {
        return DevnetProof.of(publicInputs(inputs));
    }

    @Override
    public boolean verifySeal(SealInputs inputs, Bytes proof) {
        return DevnetProof.isProof(proof, publicInputs(inputs));
    }

    @Override
    public void finalizeSector(SectorRef sector, boolean keepUnsealed) {
        Path replica = files.sealed(sector);
        if (Files.exists(replica) && !Files.exists(files.unsealed(sector))) {
            return; // finalized before, without a copy to keep
        }
        requireData(sector);
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
    public void remove(SectorRef sector) {
        try {
            Files.deleteIfExists(files.unsealed(sector));
            Files.deleteIfExists(files.sealed(sector));
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot delete the data of " + sector + ": " + e, e);
        }
    }

    private void requireData(SectorRef sector) {
        PaddedPieceSize size = sector.proof().sectorSize();
        Path file = files.unsealed(sector);
        try {
            if (Files.size(file) != size.bytes()) {
                throw new RedoException("the unsealed file of " + sector + " has " + Files.size(file) + " bytes: "
                        + file);
            }
        } catch (NoSuchFileException e) {
            throw new RedoException("the unsealed file of " + sector + " is gone: " + file);
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot read the data of " + sector + ": " + e, e);
        }
    }

    private static DevnetProof.Inputs publicInputs(SealInputs in) {
        return new DevnetProof.Inputs(in.sector().miner(), in.sector().proof().number(), in.sector().number(),
                in.commR(),
                in.commD(), in.ticket(), in.seed());
    }
}
