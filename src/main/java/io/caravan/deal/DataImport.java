package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.piece.CommPStream;
import io.caravan.piece.PieceCommitment;
import io.caravan.store.DealStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of an offline deal, brought by the operator: 18 → 20 (deal-lifecycle §10.3). The state is looked at before a
 * byte is copied (D12); the copy becomes the deal's only when it is whole, on the disk and the piece that the client
 * signed. A refused import leaves the deal and the staging folder as they were.
 */
public final class DataImport {

    private static final Logger LOG = LoggerFactory.getLogger(DataImport.class);
    private static final String PIECE = ".piece";
    private static final String UNFINISHED = ".importing";
    private static final int BUFFER = 1 << 20;
    private static final long TELL_EVERY = 1L << 30;

    private final DealStore deals;
    private final Path staging;
    private final Room room;
    private final Supplier<CommPStream> hashing;
    private final Set<Cid> underWay = ConcurrentHashMap.newKeySet();

    /** What the operator's limits leave for one more deal's data. */
    @FunctionalInterface
    public interface Room {

        /**
         * Bytes that the disk of the staging folder has left for it.
         *
         * @throws DealRefusedException IM9, IM10: a quota does not allow it at all
         */
        long left(Deal deal);
    }

    /**
     * @param staging folder of the copies
     * @param hashing makes a stream that computes commP
     */
    public DataImport(DealStore deals, Path staging, Room room, Supplier<CommPStream> hashing) {
        this.deals = deals;
        this.staging = staging;
        this.room = room;
        this.hashing = hashing;
    }

    /**
     * Copies the file, a CAR as the client made it, and goes on with the deal; blocks until the copy is whole.
     *
     * @throws DealRefusedException IM1 to IM10, coded; nothing has changed
     * @throws IOException the file cannot be read or the copy not be written; nothing has changed
     */
    public void bring(Cid proposalCid, Path file) throws IOException {
        Deal deal = awaited(deals.find(proposalCid, Role.PROVIDER).orElseThrow(
                () -> refused("IM1 no-such-deal", "this miner has no deal with the proposal CID " + proposalCid)));
        if (!Files.isRegularFile(file)) {
            throw refused("IM4 no-such-file", "there is no file " + file);
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        if (!underWay.add(proposalCid)) {
            throw refused("IM8 under-way", "data for deal " + proposalCid + " is being imported already");
        }
        Path copy = staging.resolve(proposalCid + UNFINISHED);
        try {
            requireRoom(deal, Files.size(file));
            PieceCommitment found = copied(deal, file, copy);
            requirePiece(deal, found);
            take(deal, copy, found.payloadBytes());
        } finally {
            Files.deleteIfExists(copy);
            underWay.remove(proposalCid);
        }
    }

    /** Removes what imports that a stop broke off left in the staging folder; called once, before deals go on. */
    public void sweep() throws IOException {
        try (Stream<Path> files = Files.list(staging)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(UNFINISHED) || name.endsWith(PIECE) && !isOfADeal(file, name)) {
                    LOG.info("removing {}: its import was broken off", file);
                    Files.delete(file);
                }
            }
        }
    }

    private boolean isOfADeal(Path file, String name) {
        Cid proposalCid;
        try {
            proposalCid = Cid.parse(name.substring(0, name.length() - PIECE.length()));
        } catch (IllegalArgumentException e) {
            return true; // no name of ours: not ours to remove
        }
        return deals.find(proposalCid, Role.PROVIDER).filter(deal -> file.toString().equals(deal.files().piece())).isPresent();
    }

    private static Deal awaited(Deal deal) {
        if (!deal.dataRef().transferType().equals(DataRef.MANUAL)) {
            throw refused("IM2 not-offline", "the data of deal " + deal.proposalCid() + " comes over the network from its client");
        }
        if (deal.state() != DealState.WAITING_FOR_DATA) {
            throw refused("IM3 not-waiting", "deal " + deal.proposalCid() + " is " + deal.state().wireName()
                    + " and takes data only in " + DealState.WAITING_FOR_DATA.wireName());
        }
        return deal;
    }

    private void requireRoom(Deal deal, long bytes) {
        PaddedPieceSize piece = deal.proposal().proposal().pieceSize();
        if (bytes > piece.unpadded().bytes()) {
            throw refused("IM5 too-large", "the file has " + bytes + " bytes, the deal's piece holds " + piece.unpadded().bytes());
        }
        long left = room.left(deal);
        if (left < bytes) {
            throw refused("IM6 disk-full", "the staging folder has room for " + Math.max(0, left) + " bytes, the file has " + bytes);
        }
    }

    /** No more is read than was looked at first, should the file grow meanwhile. */
    private PieceCommitment copied(Deal deal, Path file, Path copy) throws IOException {
        long most = deal.proposal().proposal().pieceSize().unpadded().bytes();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file); CommPStream commP = hashing.get();
                FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long before = commP.payloadBytes();
                if (before + n > most) {
                    throw refused("IM5 too-large", "the file grew beyond the " + most + " bytes that the deal's piece holds");
                }
                commP.write(buffer, 0, n);
                for (ByteBuffer left = ByteBuffer.wrap(buffer, 0, n); left.hasRemaining();) {
                    out.write(left);
                }
                if (before / TELL_EVERY != (before + n) / TELL_EVERY) {
                    LOG.info("deal {}: {} bytes of its data are copied", deal.proposalCid(), before + n);
                }
            }
            out.force(true);
            return commP.finish();
        }
    }

    private static void requirePiece(Deal deal, PieceCommitment found) {
        Cid signed = deal.proposal().proposal().pieceCid();
        Cid piece = found.paddedTo(deal.proposal().proposal().pieceSize()).commP();
        if (!piece.equals(signed)) {
            throw refused("IM7 wrong-piece", "the file's piece CID is " + piece + ", the deal's is " + signed);
        }
    }

    /** The name is there before the row says so: a stop between the two is swept, a row without a file could not be. */
    private void take(Deal deal, Path copy, long bytes) throws IOException {
        Path piece = staging.resolve(deal.proposalCid() + PIECE);
        Files.move(copy, piece, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
        try {
            deals.signal(deal.proposalCid(), Role.PROVIDER, now -> awaited(now)
                    .withFiles(new Deal.Files(null, piece.toString(), bytes)), DealEvent.VERIFIED_DATA)
                    .orElseThrow(() -> refused("IM3 not-waiting", "deal " + deal.proposalCid() + " has moved on"));
        } catch (DealRefusedException e) {
            Files.deleteIfExists(piece);
            throw e;
        }
        LOG.info("deal {}: its data of {} bytes is imported", deal.proposalCid(), bytes);
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(staging, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static DealRefusedException refused(String code, String sentence) {
        return new DealRefusedException(code + ": " + sentence);
    }
}
