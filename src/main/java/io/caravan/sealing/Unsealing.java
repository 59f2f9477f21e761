package io.caravan.sealing;

import io.caravan.codec.Cid;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.piece.Piece;
import io.caravan.sealing.SealingEngine.UnsealedPiece;
import io.caravan.sealing.UnsealRefusedException.Reason;
import io.caravan.store.SectorStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives the bytes of pieces back out of sealed sectors, into files on this machine. The whole piece is held against its
 * CommP before the first byte is written, also when only a range of it is wanted; a file has its name only once it is
 * whole, and none is ever overwritten.
 */
public final class Unsealing {

    /** Each may read as many labels as sealing did. */
    private static final int MOST = 2;

    private final SectorStore sectors;
    private final @Nullable SealingEngine engine;
    private final Map<SectorNumber, Running> running = new ConcurrentHashMap<>();

    /** @param engine null where sectors are sealed elsewhere */
    public Unsealing(SectorStore sectors, @Nullable SealingEngine engine) {
        this.sectors = sectors;
        this.engine = engine;
    }

    /**
     * What is asked for: the piece of a deal, or of a sector; of a sector with one piece that one is meant.
     *
     * @param from first byte, unpadded, from the piece's start
     * @param bytes how many; null is up to the end of what the deal's client sent
     * @param file absolute; must not be there
     */
    public record Wanted(@Nullable Cid deal, @Nullable SectorNumber sector, @Nullable Cid piece, long from, @Nullable Long bytes,
            Path file) {}

    /**
     * What was written.
     *
     * @param isFromReplica whether it had to be computed, because there was no whole unsealed copy
     */
    public record Given(SectorPiece piece, long from, long bytes, Path file, boolean isFromReplica) {}

    /** An answer that is being made. */
    public record Running(SectorNumber sector, Cid piece, Path file, String step, long done, long total) {}

    /** Those at work now. */
    public List<Running> running() {
        return List.copyOf(running.values());
    }

    /**
     * Writes the bytes; may take as long as the labels of the sector did.
     *
     * @throws UnsealRefusedException with a code; then there is no file
     */
    public Given unseal(Wanted wanted) {
        SealingEngine able = engine;
        if (able == null) {
            throw new UnsealRefusedException(Reason.OTHER_ENGINE,
                    "this miner's sectors are sealed and kept by a Lotus miner: ask that one, lotus-miner sectors unseal");
        }
        SectorPiece piece = piece(wanted);
        Sector sector = sealed(piece, able);
        long bytes = wanted.bytes() == null ? piece.bytes() - wanted.from() : wanted.bytes();
        long most = piece.size().unpadded().bytes();
        if (wanted.from() < 0 || bytes <= 0 || wanted.from() > most - bytes) {
            throw new UnsealRefusedException(Reason.BAD_RANGE, "no " + bytes + " bytes from " + wanted.from() + " in a piece of "
                    + most + " bytes, of which the deal's data is " + piece.bytes());
        }
        requirePlace(wanted.file());
        begin(piece, wanted.file());
        try {
            Replica replica = Known.replica(sector);
            boolean isFromReplica = write(able, new UnsealedPiece(replica.sector(), replica.ticket(), replica.commD(),
                    new Piece(piece.pieceCid(), piece.size()), offset(piece), wanted.from(), bytes), wanted.file());
            return new Given(piece, wanted.from(), bytes, wanted.file(), isFromReplica);
        } finally {
            running.remove(piece.sector());
        }
    }

    private SectorPiece piece(Wanted wanted) {
        if (wanted.deal() != null) {
            return sectors.pieceOf(wanted.deal()).filter(piece -> piece.sector() != null)
                    .orElseThrow(() -> new UnsealRefusedException(Reason.NO_SUCH_PIECE, "no sector has a piece of deal " + wanted.deal()));
        }
        SectorNumber number = wanted.sector();
        if (number == null) {
            throw new UnsealRefusedException(Reason.NO_SUCH_SECTOR, "name a deal, or a sector");
        }
        if (sectors.find(number).isEmpty()) {
            throw new UnsealRefusedException(Reason.NO_SUCH_SECTOR, "there is no sector " + number);
        }
        List<SectorPiece> all = sectors.piecesOf(number);
        List<SectorPiece> meant = all.stream().filter(piece -> wanted.piece() == null || piece.pieceCid().equals(wanted.piece()))
                .toList();
        if (meant.isEmpty() || meant.size() > 1 && wanted.piece() == null) {
            throw new UnsealRefusedException(Reason.NO_SUCH_PIECE, "sector " + number + " has " + all.size() + " pieces"
                    + (wanted.piece() == null ? ", say which" : ", none is " + wanted.piece()) + ": "
                    + all.stream().map(piece -> piece.pieceCid().toString()).distinct().collect(Collectors.joining(", ")));
        }
        return meant.get(0); // the same piece twice has the same bytes twice
    }

    private Sector sealed(SectorPiece piece, SealingEngine able) {
        Sector sector = sectors.find(piece.sector()).orElseThrow(() -> new UnsealRefusedException(Reason.NO_SUCH_SECTOR,
                "there is no sector " + piece.sector()));
        boolean isSealed = sector.prove().landed() != null && sector.state() != SectorState.FINALIZE
                && sector.ticket() != null && sector.commD() != null && sector.commR() != null;
        if (!isSealed) {
            throw new UnsealRefusedException(Reason.NOT_SEALED, "sector " + sector.number() + " is in " + sector.state()
                    + ": it gives its pieces back once it is in " + SectorState.PROVING);
        }
        if (!able.capabilities().proofs().contains(SealProof.ofNumber(sector.sealProof()))) {
            throw new UnsealRefusedException(Reason.OTHER_ENGINE, "sector " + sector.number()
                    + " was sealed by an engine that is not the one in sealing.engine: its size is none of this one's");
        }
        return sector;
    }

    private static long offset(SectorPiece piece) {
        Long offset = piece.offset();
        if (offset == null) {
            throw new UnsealRefusedException(Reason.NO_SUCH_PIECE, "the piece of deal " + piece.proposalCid() + " has no place yet");
        }
        return offset;
    }

    private static void requirePlace(Path file) {
        Path folder = file.getParent();
        if (!file.isAbsolute() || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new UnsealRefusedException(Reason.BAD_PLACE, "no file can be made at " + file
                    + ": it takes an absolute path in a folder that is there and may be written to, on the miner's machine");
        }
        if (Files.exists(file)) {
            throw new UnsealRefusedException(Reason.FILE_EXISTS, file + " is there already; nothing is overwritten");
        }
    }

    private void begin(SectorPiece piece, Path file) {
        SectorNumber number = piece.sector();
        synchronized (running) {
            if (running.size() >= MOST || running.containsKey(number)) {
                throw new UnsealRefusedException(Reason.BUSY, running.containsKey(number)
                        ? "sector " + number + " is being read by somebody else" : MOST + " sectors are being read already");
            }
            running.put(number, new Running(number, piece.pieceCid(), file, "begin", 0, 0));
        }
    }

    /** Whether the engine had to decode. */
    private boolean write(SealingEngine able, UnsealedPiece piece, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        boolean[] isDecoded = new boolean[1];
        SealingEngine.Progress heard = (sector, step, done, total) -> {
            isDecoded[0] |= step.equals("decode");
            running.computeIfPresent(sector.number(), (number, now) -> new Running(number, now.piece(), now.file(), step, done, total));
        };
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                able.unseal(piece, out, heard);
                out.flush();
                channel.force(true);
                Files.move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (FileAlreadyExistsException e) {
            throw new UnsealRefusedException(Reason.FILE_EXISTS, e.getFile() + " is there already; delete it if an earlier try"
                    + " that was killed left it");
        } catch (RedoException e) {
            throw new UnsealRefusedException(Reason.DAMAGED, String.valueOf(e.getMessage()));
        } catch (RetryableException e) {
            throw new UnsealRefusedException(Reason.BROKEN_OFF, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UnsealRefusedException(Reason.BROKEN_OFF, "cannot write " + part + ": " + e);
        }
        return isDecoded[0];
    }
}
