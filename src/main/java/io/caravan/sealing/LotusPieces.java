package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.codec.CodecException;
import io.caravan.model.Epoch;
import io.caravan.model.PhaseException;
import io.caravan.model.SectorPiece;
import io.caravan.store.LotusPiece;
import io.caravan.store.LotusPiece.Status;
import io.caravan.store.SectorStore;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the pieces that deals handed over to the Lotus miner, a few at a time, each once. Whether the miner has a piece
 * after an answer was lost is found in its sectors; and because the last byte of a piece leaves us once a token, a piece
 * that was not fetched whole can be asked for again without fear, and one that was can only after its absence is certain.
 */
public final class LotusPieces {

    private static final Logger LOG = LoggerFactory.getLogger(LotusPieces.class);
    private static final int BATCH = 256;

    private final LotusTools tools;
    private final LotusAsker asker;
    private final SectorStore sectors;

    public LotusPieces(LotusTools tools, LotusAsker asker) {
        this.tools = tools;
        this.asker = asker;
        this.sectors = tools.sectors();
    }

    /** One round; calling it again does no harm. */
    public void give() {
        tools.pieces().doubtOverdue();
        List<LotusPiece> open = tools.pieces().open(BATCH);
        if (open.isEmpty() && sectors.waitingPieces(1).isEmpty()
                && sectors.latePieces(Epoch.of(Long.MAX_VALUE), 1).isEmpty()) {
            return;
        }
        try {
            Epoch head = tools.chain().head().epoch();
            refuseLate(head);
            tools.requireOurs();
            lookFor(open);
            askFor();
        } catch (PhaseException | ChainRefusedException | CodecException e) {
            LOG.warn("no piece is given to the Lotus miner this time: {}", e.getMessage());
            sectors.waitingPieces(BATCH).forEach(piece -> sectors.keepWaiting(piece.proposalCid(), String.valueOf(e.getMessage())));
        }
    }

    /** A piece that the miner may have already is waited for until its deal's start. */
    private void refuseLate(Epoch head) {
        for (SectorPiece piece : sectors.latePieces(head.plus(tools.config().startBuffer()), BATCH)) {
            boolean mayBeThere = tools.pieces().find(piece.proposalCid()).filter(asked -> asked.takenAt() != null).isPresent();
            if (!mayBeThere || !head.isBefore(piece.startEpoch())) {
                String last = sectors.setbackOf(piece.proposalCid())
                        .map(setback -> ", it had no sector because " + setback.reason()).orElse("");
                sectors.refuse(piece.proposalCid(), "too late to seal: epoch " + head + ", the deal starts at "
                        + piece.startEpoch() + last);
            }
        }
    }

    /** Of which it is not known whether the miner has them. */
    private void lookFor(List<LotusPiece> open) {
        Instant now = tools.clock().instant();
        List<LotusSearch.Wanted> wanted = open.stream()
                .filter(asked -> asked.status() == Status.UNSURE && !asked.lookAfter().isAfter(now))
                .flatMap(asked -> sectors.pieceOf(asked.proposalCid()).stream()
                        .filter(piece -> piece.sector() == null && piece.refusal() == null)
                        .map(piece -> new LotusSearch.Wanted(asked, piece.pieceCid()))).toList();
        if (wanted.isEmpty()) {
            return;
        }
        LotusSearch.Result result = new LotusSearch(tools.miner()).look(wanted);
        wanted.forEach(one -> judge(one.asked(), result, now));
    }

    private void judge(LotusPiece asked, LotusSearch.Result result, Instant now) {
        var place = result.places().get(asked.proposalCid());
        if (place != null) {
            asker.found(asked, place);
            return;
        }
        Instant taken = asked.takenAt();
        if (taken == null) {
            sectors.pieceOf(asked.proposalCid()).ifPresent(piece -> askFor(piece, asked.token()));
            return;
        }
        boolean isSure = result.obstacle() == null && !now.isBefore(taken.plus(tools.lotus().settle()));
        if (isSure) {
            LOG.warn("the Lotus miner fetched the piece of deal {} and has it in no sector; it is asked again",
                    asked.proposalCid());
            sectors.pieceOf(asked.proposalCid()).ifPresent(piece -> askFor(piece, asker.freshToken()));
        } else {
            asker.doubt(asked, "the Lotus miner fetched it and has it in no sector"
                    + (result.obstacle() == null ? " yet" : " that can be looked into: " + result.obstacle()));
        }
    }

    private void askFor() {
        Set<Object> known = new HashSet<>();
        tools.pieces().open(BATCH).forEach(asked -> known.add(asked.proposalCid()));
        for (SectorPiece piece : sectors.waitingPieces(BATCH)) {
            if (!known.contains(piece.proposalCid())) {
                askFor(piece, asker.freshToken());
            }
        }
    }

    private void askFor(SectorPiece piece, String token) {
        long sectorSize = tools.chain().minerInfo(tools.owner()).sectorSize();
        if (!piece.size().isLegal() || piece.size().bytes() > sectorSize) {
            sectors.refuse(piece.proposalCid(), "a piece of " + piece.size() + " bytes does not fit a sector of " + sectorSize);
        } else if (asker.hasRoom()) {
            asker.ask(piece, token);
        }
    }
}
