package io.caravan.sealing;

import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.store.SectorStore;
import io.caravan.store.SectorStore.OpenSector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Puts the pieces that were handed over into sectors, and closes the sectors whose time has come (spec sealing 5.5).
 * Everything it decides is in the store at once, so that a run that breaks off anywhere is simply followed by the next
 * one.
 */
public final class SectorPacker {

    /** A sector of which nothing is heard for so long after it was closed is given up. */
    private static final Duration SEALING_LIMIT = Duration.ofDays(7);
    private static final int BATCH = 256;
    /** More than it takes to place a batch; the rest waits for the next run. */
    private static final int MAX_MOVES = 2 * BATCH;

    private final FilAddress miner;
    private final SealingTools tools;
    private final SectorStore sectors;
    private final Clock clock;

    /** @param miner the ID address of the miner whose sectors these are */
    public SectorPacker(FilAddress miner, SealingTools tools) {
        this.miner = miner;
        this.tools = tools;
        this.sectors = tools.sectors();
        this.clock = tools.clock();
    }

    /** Packs what waits and closes what is due; calling it again does no harm. */
    public void pack() {
        boolean isIdle = sectors.openSectors().isEmpty() && sectors.waitingPieces(1).isEmpty()
                && sectors.latePieces(Epoch.of(Long.MAX_VALUE), 1).isEmpty();
        if (isIdle) {
            return;
        }
        Epoch head = tools.chain().head().epoch();
        refuseLate(head);
        SealProof proof = proof();
        PackPlan plan = plan(proof);
        place(proof, plan, head);
        closeDue(sectors.openSectors(), plan, head);
    }

    /** Closes the sectors that are due by now, such as what was written since {@link #pack}; calling it again does no harm. */
    public void closeDue() {
        List<OpenSector> open = sectors.openSectors();
        if (!open.isEmpty()) {
            closeDue(open, plan(proof()), tools.chain().head().epoch());
        }
    }

    private SealProof proof() {
        return SealProof.ofSectorSize(tools.chain().minerInfo(miner).sectorSize());
    }

    private PackPlan plan(SealProof proof) {
        return new PackPlan(proof.sectorSize(), tools.config().maxPieces());
    }

    private void place(SealProof proof, PackPlan plan, Epoch head) {
        SealingDisk disk = tools.room().disk();
        long bytes = tools.engine().diskBytes(proof);
        List<SectorPiece> waiting = sealable(proof.sectorSize(), head);
        for (int moves = 0; moves < MAX_MOVES && !waiting.isEmpty(); moves++) {
            List<OpenSector> open = sectors.openSectors();
            Optional<PackPlan.Pair> next = plan.next(waiting, open);
            if (next.isPresent()) {
                sectors.assign(next.get().proposalCid(), next.get().sector(), proof.sectorSize());
            } else if (isAtLimit()) {
                keepWaiting(waiting, "all " + tools.config().maxSealing() + " places for sectors are taken (sealing.max-sealing)");
                return;
            } else {
                Optional<String> shortage = disk.shortage(bytes);
                if (shortage.isEmpty() && !hasRoom(open)) {
                    return; // what is placed is written first
                }
                SectorPiece oldest = oldest(waiting);
                Optional<String> missing = shortage.or(() -> opened(proof, bytes, oldest));
                if (missing.isPresent()) {
                    keepWaiting(waiting, missing.get());
                    return;
                }
            }
            waiting = sealable(proof.sectorSize(), head);
        }
    }

    private void keepWaiting(List<SectorPiece> pieces, String reason) {
        pieces.forEach(piece -> sectors.keepWaiting(piece.proposalCid(), reason));
    }

    /** Opens a sector, its disk reserved; empty when that worked, else what is missing. */
    private Optional<String> opened(SealProof proof, long bytes, SectorPiece first) {
        Instant closing = first.handedAt().plus(tools.config().waitDealsDelay());
        return Optional.ofNullable(tools.room().disk().open(bytes, () -> sectors.open(miner, proof.number(), closing)).shortage());
    }

    private static SectorPiece oldest(List<SectorPiece> waiting) {
        return waiting.stream().min(Comparator.comparing(SectorPiece::handedAt)).orElseThrow();
    }

    private boolean isAtLimit() {
        return tools.config().maxSealing() > 0 && sectors.sealing() >= tools.config().maxSealing();
    }

    /** Pieces that no sector can take in time any more, whether they are to be tried now or later. */
    private void refuseLate(Epoch head) {
        for (SectorPiece piece : sectors.latePieces(head.plus(tools.config().startBuffer()), BATCH)) {
            String last = sectors.setbackOf(piece.proposalCid())
                    .map(setback -> ", it had no sector because " + setback.reason()).orElse("");
            sectors.refuse(piece.proposalCid(), "too late to seal: epoch " + head + ", the deal starts at "
                    + piece.startEpoch() + last);
        }
    }

    /** The pieces that fit a sector and its life; the others go back with the reason. */
    private List<SectorPiece> sealable(PaddedPieceSize sectorSize, Epoch head) {
        return sectors.waitingPieces(BATCH).stream().filter(piece -> {
            Optional<String> reason = refusal(piece, sectorSize, head);
            reason.ifPresent(why -> sectors.refuse(piece.proposalCid(), why));
            return reason.isEmpty();
        }).toList();
    }

    private Optional<String> refusal(SectorPiece piece, PaddedPieceSize sectorSize, Epoch head) {
        if (!piece.size().isLegal() || piece.size().compareTo(sectorSize) > 0) {
            return Optional.of("a piece of " + piece.size() + " bytes does not fit a sector of " + sectorSize);
        }
        if (piece.endEpoch().isAfter(head.plus(SealEpochs.MAX_LIFE))) {
            return Optional.of("the deal ends at epoch " + piece.endEpoch() + ", later than any sector can live");
        }
        return Optional.empty();
    }

    /** Whether one sector more may be open; closes the fullest when there are as many as there may be. */
    private boolean hasRoom(List<OpenSector> open) {
        if (open.size() < tools.config().maxOpen()) {
            return true;
        }
        Optional<OpenSector> fullest = open.stream()
                .filter(sector -> sector.pieces() > 0 && isWritten(sector.sector()))
                .max(Comparator.comparingLong(OpenSector::used));
        fullest.ifPresent(this::close);
        return fullest.isPresent();
    }

    private void closeDue(List<OpenSector> all, PackPlan plan, Epoch head) {
        for (OpenSector open : all) {
            if (open.pieces() > 0 && (plan.isFull(open) || isDue(open.sector(), head)) && isWritten(open.sector())) {
                close(open);
            }
        }
    }

    /** Bytes that are not in the sector yet come first: a closed sector takes nothing any more. */
    private boolean isWritten(Sector sector) {
        return sectors.piecesOf(sector.number()).stream().allMatch(piece -> piece.written() != null);
    }

    private boolean isDue(Sector sector, Epoch head) {
        Instant closing = sector.turn().deadline();
        if (closing == null || !clock.instant().isBefore(closing)) {
            return true;
        }
        return sectors.piecesOf(sector.number()).stream().map(SectorPiece::startEpoch).min(Epoch::compareTo)
                .filter(start -> !head.plus(tools.config().startBuffer()).isBefore(start)).isPresent();
    }

    private void close(OpenSector open) {
        Instant limit = clock.instant().plus(SEALING_LIMIT);
        sectors.signal(open.sector().number(), sector -> sector.stage() == SectorStage.STAGING
                ? sector.withStage(SectorStage.COMPUTING).withDeadline(limit) : sector, SectorEvent.PACKED);
    }
}
