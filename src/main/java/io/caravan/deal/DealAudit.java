package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.model.Agreement;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.store.DealStore;
import io.caravan.store.SectorStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays every live deal beside what the other side, the chain and sealing say of it, and lists where they differ. It reads
 * rows and asks the chain once a published deal; it changes nothing, for each difference has its owner already.
 */
public final class DealAudit {

    private static final int PAGE = 200;
    private static final Set<DealState> LIVE = Arrays.stream(DealState.values()).filter(Predicate.not(DealState::isFinal))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(DealState.class)));
    private static final Set<DealState> GIVEN_UP = EnumSet.of(DealState.FAILING, DealState.ERROR);
    private static final Set<DealState> IN_SECTOR = EnumSet.of(DealState.AWAITING_PRE_COMMIT, DealState.SEALING);
    private static final Set<DealState> PROVEN = EnumSet.of(DealState.FINALIZING, DealState.ACTIVE);

    private final DealStore deals;
    private final Role role;
    private final Chain chain;
    private final @Nullable SectorStore sectors;
    private final Clock clock;

    /** @param sectors the miner's; null at a daemon */
    public DealAudit(DealStore deals, Role role, Chain chain, @Nullable SectorStore sectors, Clock clock) {
        this.deals = deals;
        this.role = role;
        this.chain = chain;
        this.sectors = sectors;
        this.clock = clock;
    }

    /** What an audit found. @param examined live deals that were looked at, the newest first */
    public record Report(int examined, List<Disagreement> found) {}

    /** Examines at most so many live deals. */
    public Report examine(int most) {
        List<Disagreement> found = new ArrayList<>();
        int examined = 0;
        Deal last = null;
        List<Deal> page;
        do {
            page = deals.list(role, LIVE, last, Math.min(PAGE, most - examined));
            for (Deal deal : page) {
                examine(deal, found);
                last = deal;
            }
            examined += page.size();
        } while (!page.isEmpty() && examined < most);
        return new Report(examined, found);
    }

    private void examine(Deal deal, List<Disagreement> found) {
        if (role == Role.CLIENT) {
            beside(deal, found);
        }
        if (deal.dealId() != null && deal.state() != DealState.FAILING) {
            onChain(deal, deal.dealId(), found);
        }
        if (sectors != null && IN_SECTOR.contains(deal.state())) {
            inSector(deal, sectors, found);
        }
        if (sectors != null && PROVEN.contains(deal.state())) {
            faulty(deal, sectors, found);
        }
        if (deal.turn().isOverdue(clock.instant())) {
            found.add(new Disagreement(deal.proposalCid(), "A9", "deal and clock", deal.state().shortName() + " should have ended at "
                    + deal.turn().deadline(), deal.turn().parked() ? "nothing before you say ./caravan deals retry or fail" : "gives up with its next look"));
        }
    }

    /** A daemon's deal and the miner's last signed word. */
    private static void beside(Deal deal, List<Disagreement> found) {
        Deal.Remote said = deal.remote();
        DealState remote = said.state();
        if (said.pollErrors() > 0) {
            found.add(new Disagreement(deal.proposalCid(), "A1", "daemon and miner", "the miner was heard last "
                    + (said.at() == null ? "never" : "at " + said.at()) + ": " + said.last().error(),
                    "is asked again, at " + deal.turn().runAfter() + " at the latest; ./caravan doctor " + deal.proposal().proposal().provider()
                            + " says why it is not reached"));
        } else if (remote != null && GIVEN_UP.contains(remote) && deal.state() != DealState.FAILING) {
            found.add(new Disagreement(deal.proposalCid(), "A2", "daemon and miner", "the miner gave the deal up: " + said.message(),
                    deal.dealId() == null ? "fails here with its next look" : "goes on: a published deal belongs to the chain"));
        } else if (remote != null && !Agreement.mayBe(deal.state(), remote)) {
            found.add(new Disagreement(deal.proposalCid(), "A3", "daemon and miner", "here " + deal.state().shortName() + ", there " + remote.shortName(),
                    "shows callers the miner's word, and moves on with its next look"));
        }
    }

    private void onChain(Deal deal, long dealId, List<Disagreement> found) {
        Optional<MarketDeal> there = chain.storageDeal(dealId);
        if (there.isEmpty()) {
            found.add(chain(deal, "A4", "the chain has no deal " + dealId, PROVEN.contains(deal.state()) || deal.state() == DealState.SEALING
                    ? "ends as Slashed or Expired once it is as deep as the confidence" : "fails, or finds its new number, once the publish message is as deep as the confidence"));
            return;
        }
        MarketDeal market = there.get();
        if (!isSame(market.proposal(), deal.proposal().proposal())) {
            found.add(chain(deal, "A5", "deal " + dealId + " on chain is another one, of piece " + market.proposal().pieceCid(),
                    "looks its number up again in the publish message"));
        } else if (market.slashed() >= 0) {
            found.add(chain(deal, "A6", "the chain has terminated it in epoch " + market.slashed(), "ends as Slashed"));
        } else if (market.isActive() && !PROVEN.contains(deal.state())) {
            found.add(chain(deal, "A7", "active on chain since epoch " + market.sectorStart() + ", here " + deal.state().shortName(),
                    "becomes active here once that is as deep as the confidence"));
        } else if (!market.isActive() && PROVEN.contains(deal.state())) {
            found.add(chain(deal, "A7", "proven here, not on chain: a reorganisation took the proof back", "is looked at until the chain has it again, or its end"));
        }
    }

    private Disagreement chain(Deal deal, String code, String sentence, String plan) {
        return new Disagreement(deal.proposalCid(), code, (role == Role.CLIENT ? "daemon" : "miner") + " and chain", sentence, plan);
    }

    private static boolean isSame(DealProposal there, DealProposal here) {
        return there.pieceCid().equals(here.pieceCid()) && there.pieceSize().equals(here.pieceSize())
                && there.startEpoch().equals(here.startEpoch()) && there.endEpoch().equals(here.endEpoch())
                && there.label().equals(here.label());
    }

    private static void inSector(Deal deal, SectorStore sectors, List<Disagreement> found) {
        Optional<SectorPiece> piece = sectors.pieceOf(deal.proposalCid());
        String sentence = piece.isEmpty() ? "sealing has no piece of this deal"
                : piece.get().refusal() != null ? "sealing refuses the piece: " + piece.get().refusal()
                : piece.get().sector() == null ? "the piece is in no sector" : "";
        if (!sentence.isEmpty()) {
            found.add(new Disagreement(deal.proposalCid(), "A8", "deal and sealing", sentence, "fails at its start epoch "
                    + deal.proposal().proposal().startEpoch() + " unless it is sealed by then; look at ./caravan sectors"));
            return;
        }
        sectors.find(piece.orElseThrow().sector()).filter(sector -> sector.state() == SectorState.UNKNOWN || sector.turn().parked())
                .ifPresent(sector -> found.add(new Disagreement(deal.proposalCid(), "A8", "deal and sealing", "sector " + sector.number()
                        + " waits for an operator: " + sector.waiting().lastError(), "look at ./caravan sectors; the deal fails at its start epoch "
                        + deal.proposal().proposal().startEpoch())));
    }

    /** A deal is active while its sector is faulty, but not for ever. */
    private static void faulty(Deal deal, SectorStore sectors, List<Disagreement> found) {
        Optional.ofNullable(deal.chain().sector()).flatMap(sectors::find).filter(sector -> sector.stage() == SectorStage.FAULTY)
                .ifPresent(sector -> found.add(new Disagreement(deal.proposalCid(), "A10", "deal and sealing", "sector " + sector.number()
                        + " is faulty: " + sector.message(), "is proven again once its files are whole; after the chain's limit of faults "
                        + "the sector is terminated, and the deal ends as Slashed")));
    }
}
