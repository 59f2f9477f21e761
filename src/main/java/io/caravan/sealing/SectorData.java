package io.caravan.sealing;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.piece.CommPStream;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.piece.SectorLayout;
import io.caravan.piece.UnsealedSector;
import io.caravan.sealing.SealingEngine.Progress;
import io.caravan.sealing.SealingEngine.UnsealedPiece;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** A sector's unsealed data, which every engine of ours writes and reads the same way. */
final class SectorData {

    /** What {@link #addPieces} takes: one thread, and its buffers. */
    static final Need NEED = new Need(1, 8L << 20);

    private final SectorFiles files;
    private final Progress progress;

    SectorData(SectorFiles files, Progress progress) {
        this.files = files;
        this.progress = progress;
    }

    /** As {@link SealingEngine#addPieces}. */
    Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written) {
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

    /** @throws RedoException unless the unsealed file is there in its full length */
    void require(SectorRef sector) {
        PaddedPieceSize size = sector.proof().sectorSize();
        Path file = files.unsealed(sector);
        try {
            if (Files.size(file) != size.bytes()) {
                throw RedoException.ofData("the unsealed file of " + sector + " has " + Files.size(file) + " bytes: "
                        + file);
            }
        } catch (NoSuchFileException e) {
            throw RedoException.ofData("the unsealed file of " + sector + " is gone: " + file);
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot read the data of " + sector + ": " + e, e);
        }
    }

    /**
     * Copies a piece out of a file of unsealed data, which it reads twice: nothing is given away before the whole piece
     * is held against its commitment.
     *
     * @param at where the piece begins in that file, in padded bytes
     * @throws RedoException when the file holds something else
     */
    void copy(Path file, long at, UnsealedPiece piece, OutputStream out) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < at + piece.piece().size().bytes()) {
                throw RedoException.ofData("the data of " + piece.sector() + " ends too early: " + file);
            }
            UnsealedSector unsealed = new UnsealedSector(channel);
            CommPStream commP = new CommPStream();
            unsealed.read(at, 0, piece.piece().size().unpadded().bytes(), commP);
            Cid there = commP.finish().commP();
            if (!there.equals(piece.piece().commP())) {
                throw RedoException.ofData("the piece at " + piece.offset() + " of " + piece.sector()
                        + " has the commitment " + there + ", not " + piece.piece().commP());
            }
            unsealed.read(at, piece.from(), piece.bytes(), out);
        } catch (NoSuchFileException e) {
            throw RedoException.ofData("the data of " + piece.sector() + " is gone: " + file);
        }
    }
}
