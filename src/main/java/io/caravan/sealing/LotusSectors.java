package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.MinerSector;
import io.caravan.chain.OnChainSector;
import io.caravan.codec.CodecException;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.Sector.Sent;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.WaitsOn;
import io.caravan.store.SectorStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the sectors that hold our pieces through the Lotus miner until they are proven; from then on the chain is asked
 * as for all sectors. Nothing is done here but to look: the miner seals, proves and sends, and what it says of a proof is
 * believed when the chain has the sector.
 */
public final class LotusSectors {

    private static final Logger LOG = LoggerFactory.getLogger(LotusSectors.class);
    private static final int PAGE = 500;
    private static final Set<SectorState> FOLLOWED = EnumSet.complementOf(EnumSet.of(SectorState.UNKNOWN, SectorState.PROVING));

    private final LotusTools tools;
    private final SectorStore sectors;

    public LotusSectors(LotusTools tools) {
        this.tools = tools;
        this.sectors = tools.sectors();
    }

    /** One look at each; calling it again does no harm. */
    public void look() {
        List<Sector> page = page(null);
        try {
            freeLost();
            if (page.isEmpty()) {
                return;
            }
            tools.requireOurs();
            Epoch head = tools.chain().head().epoch();
            while (!page.isEmpty()) {
                page.forEach(sector -> follow(sector, head));
                page = page(page.get(page.size() - 1).number());
            }
        } catch (RetryableException | ChainRefusedException | CodecException e) {
            LOG.warn("the sectors of the Lotus miner are not seen this time: {}", e.getMessage());
            WaitsOn on = e instanceof RetryableException away && away.waitsOn() != null ? away.waitsOn() : WaitsOn.SEALER;
            page.forEach(sector -> note(sector, sector.stage(), on, String.valueOf(e.getMessage())));
        }
    }

    private List<Sector> page(@Nullable SectorNumber after) {
        return sectors.list(FOLLOWED, after, PAGE);
    }

    private void follow(Sector sector, Epoch head) {
        try {
            MinerSector told = tools.miner().status(sector.number());
            if (LotusStep.isRemoved(told.state())) {
                gone(sector, "the Lotus miner removed it");
                return;
            }
            LotusStep.of(told.state()).ifPresentOrElse(step -> move(sector, told, step), () -> stuck(sector, told));
        } catch (ChainRefusedException e) {
            refused(sector, String.valueOf(e.getMessage()));
        } catch (CodecException e) {
            note(sector, sector.stage(), WaitsOn.OPERATOR, "an answer of the Lotus miner that can be",
                    "the Lotus miner's answer cannot be: " + e.getMessage());
        }
        sectors.find(sector.number()).filter(now -> now.state().ordinal() < SectorState.FINALIZE.ordinal())
                .ifPresent(now -> giveUpHopeless(now, head));
    }

    private void move(Sector sector, MinerSector told, LotusStep step) {
        Optional<OnChainSector> proven = isProven(step) ? tools.chain().sector(sector.miner(), sector.number()) : Optional.empty();
        boolean isEarly = isProven(step) && proven.isEmpty() && sector.state() != SectorState.FINALIZE;
        LotusStep to = isEarly ? new LotusStep(SectorState.COMMIT_PHASE_2, SectorStage.LANDING) : step;
        Optional<List<SectorEvent>> way = LotusWay.between(sector.state(), to.state());
        List<SectorEvent> events = new ArrayList<>(way.orElse(List.of()));
        if (sector.stage() == SectorStage.STAGING && sector.state() == SectorState.PRE_COMMIT_PHASE_1
                && !(to.state() == sector.state() && to.stage() == SectorStage.STAGING)) {
            events.add(0, SectorEvent.PACKED);
        }
        Sector now = sector;
        if (!events.isEmpty()) {
            now = sectors.signal(sector.number(), found -> facts(found, told, proven).withMessage(told.state()),
                    events.toArray(SectorEvent[]::new)).orElse(sector);
        }
        if (now.state() == SectorState.PROVING) {
            sectors.signal(now.number(), found -> found.withMessage(null).withStage(step.stage()));
            return;
        }
        String error = told.state().endsWith("Failed") && !told.lastError().isEmpty() ? ": " + told.lastError() : "";
        note(now, way.isPresent() ? to.stage() : now.stage(), WaitsOn.SEALER, "the Lotus miner: " + told.state() + error
                + (isEarly ? ", and the chain does not show the sector yet" : ""));
    }

    private static boolean isProven(LotusStep step) {
        return step.state().ordinal() >= SectorState.FINALIZE.ordinal();
    }

    private static Sector facts(Sector sector, MinerSector told, Optional<OnChainSector> proven) {
        Sector known = sector.withCommitments(told.commD(), told.commR())
                .withPreCommit(new Sent(null, told.preCommitMessage(), sector.preCommit().landed()))
                .withProve(new Sent(null, told.commitMessage(), proven.map(OnChainSector::activation).orElse(null)));
        return proven.map(chain -> known.withExpiration(chain.expiration())).orElse(known);
    }

    /** From what the miner says nothing follows; a person has to look there. */
    private void stuck(Sector sector, MinerSector told) {
        note(sector, sector.stage(), WaitsOn.OPERATOR, "the Lotus miner: " + told.state() + ", look there"
                + (told.lastError().isEmpty() ? "" : ": " + told.lastError()));
    }

    /** The miner says no: it may know the sector all the same. A miner that lost its memory is not believed at once. */
    private void refused(Sector sector, String sentence) {
        if (new HashSet<>(tools.miner().sectors()).contains(sector.number())) {
            note(sector, sector.stage(), WaitsOn.SEALER, "the Lotus miner, which says no: " + sentence, "the Lotus miner says no: " + sentence);
            return;
        }
        Sector noted = note(sector, sector.stage(), WaitsOn.OPERATOR,
                "the Lotus miner, which does not know the sector any more, to be looked at", "the Lotus miner does not know the sector any more");
        Instant since = noted.waiting().since();
        if (since != null && !tools.clock().instant().isBefore(since.plus(tools.lotus().settle()))) {
            gone(noted, "the Lotus miner does not know it any more");
        }
    }

    /** A sector that is on chain is the chain's, whatever became of it in the miner. */
    private void gone(Sector sector, String reason) {
        if (sector.state() == SectorState.FINALIZE) {
            sectors.signal(sector.number(), found -> found.withMessage(null), SectorEvent.FINALIZED);
        } else {
            giveUp(sector, reason);
        }
    }

    private void giveUpHopeless(Sector sector, Epoch head) {
        List<SectorPiece> pieces = sectors.piecesOf(sector.number());
        boolean isHopeless = !pieces.isEmpty() && pieces.stream().noneMatch(piece -> head.isBefore(piece.startEpoch()));
        if (isHopeless && tools.chain().sector(sector.miner(), sector.number()).isEmpty()) {
            giveUp(sector, "no deal of it can start any more, it stopped in " + sector.state()
                    + (sector.message() == null ? "" : " (" + sector.message() + ")"));
        }
    }

    private void giveUp(Sector sector, String reason) {
        LOG.error("sector {} is given up: {}", sector.number(), reason);
        sectors.signal(sector.number(), found -> found.withMessage(reason), SectorEvent.FAILED);
    }

    /** What was in sectors that ended before they were proven goes back to its deals, or waits for another sector. */
    private void freeLost() {
        List<Sector> lost = sectors.givenUp(PAGE);
        if (lost.isEmpty()) {
            return;
        }
        Epoch earliest = tools.chain().head().epoch().plus(tools.config().startBuffer());
        for (Sector sector : lost) {
            if (tools.chain().sector(sector.miner(), sector.number()).isPresent()) {
                continue;
            }
            String reason = "sector " + sector.number() + " was given up: " + sector.message();
            List<SectorPiece> pieces = sectors.piecesOf(sector.number());
            pieces.stream().filter(piece -> piece.startEpoch().isBefore(earliest))
                    .forEach(piece -> sectors.refuse(piece.proposalCid(), reason));
            List<SectorPiece> left = sectors.piecesOf(sector.number());
            if (!left.isEmpty() && isThere(sector.number())) {
                continue; // ended here by hand; what the miner may still seal is not given to it twice
            }
            tools.pieces().free(sector.number());
            left.forEach(piece -> sectors.keepWaiting(piece.proposalCid(), reason));
            LOG.warn("{}; {} pieces wait for another sector", reason, left.size());
        }
    }

    /** Whether our miner still has the sector, in whatever state. */
    private boolean isThere(SectorNumber number) {
        tools.requireOurs();
        return tools.miner().sectors().contains(number) && !LotusStep.isRemoved(tools.miner().status(number).state());
    }

    private Sector note(Sector sector, SectorStage stage, WaitsOn on, String text) {
        return note(sector, stage, on, text, text);
    }

    /**
     * Says where the sector stands, once.
     *
     * @param what it waits for, to be said after these words
     * @param text the same as a sentence
     */
    private Sector note(Sector sector, SectorStage stage, WaitsOn on, String what, String text) {
        boolean isSaid = sector.stage() == stage && text.equals(sector.message()) && what.equals(sector.waiting().what())
                && sector.waiting().on() == on;
        return isSaid ? sector : sectors.signal(sector.number(), found -> found.withStage(stage).withMessage(text)
                .waitingFor(on, what, tools.clock().instant())).orElse(sector);
    }
}
