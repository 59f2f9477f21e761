package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.ActiveDeals;
import io.caravan.store.SectorStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Seed step 7 from the deal's side: watches its sector on chain. States 29, 5 and 7 of the provider; it only looks. */
public final class ProviderTracker {

    private final Chain chain;
    private final SectorStore sectors;
    private final Activation activation;
    private final Ending ending;
    private final Clock clock;

    /** @param confidence epochs on top of an activation or an end before it counts */
    public ProviderTracker(Chain chain, SectorStore sectors, ActiveDeals active, LookPace pace, LongSupplier confidence,
            Clock clock) {
        this.chain = chain;
        this.sectors = sectors;
        this.activation = new Activation(chain, confidence);
        this.ending = new Ending(chain, active, pace, confidence, clock);
        this.clock = clock;
    }

    /**
     * Waits for nothing once the sector is pre-committed, the deal then knowing its sector; or once the deal is active
     * although we missed the pre-commit, the sector then left open for {@link #lookActive} to fill in.
     */
    public Deal lookPreCommit(Deal deal) {
        FilAddress miner = deal.proposal().proposal().provider();
        SectorNumber sector = piece(deal).map(SectorPiece::sector).orElse(null);
        if (sector != null && chain.preCommit(miner, sector).isPresent()) {
            return deal.withSector(sector).withWaiting(Waiting.NOTHING);
        }
        if (activation.look(deal).isPresent()) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        return waitingFor(deal, sector, "the pre-commit of sector " + sector);
    }

    /** Waits for nothing once the deal is active at depth. */
    public Deal lookActive(Deal deal) {
        Optional<SectorPiece> piece = piece(deal);
        return activation.look(deal)
                .map(active -> deal.withSector(active.sector()).withWaiting(Waiting.NOTHING))
                .orElseGet(() -> waitingFor(deal, piece.map(SectorPiece::sector).orElse(deal.chain().sector()),
                        "the proof of sector " + sectorOf(deal)));
    }

    /**
     * Waits for nothing once the deal is over; a slash epoch says that it ended early, a lost sector that it is not active
     * any more.
     */
    public Deal lookEnd(Deal deal) {
        return ending.look(deal);
    }

    /** What the piece's sector waits for is what the deal waits for, be it an operator or another sector. */
    private Deal waitingFor(Deal deal, @Nullable SectorNumber number, String usual) {
        if (number == null) {
            String why = sectors.setbackOf(deal.proposalCid()).map(setback -> ": " + setback.reason()).orElse("");
            return deal.waitingFor(WaitsOn.SEALER, "a sector" + why, clock.instant());
        }
        return sectors.find(number).filter(sector -> sector.turn().parked())
                .map(sector -> deal.waitingFor(WaitsOn.OPERATOR, "an operator to look at sector " + number + ", which stopped in "
                        + sector.state() + ": " + sector.waiting().lastError(), clock.instant()))
                .orElseGet(() -> deal.waitingFor(WaitsOn.SEALER, usual + standing(number), clock.instant()));
    }

    /** What the sector itself waits for where this node is the reason: cores, heap, disk. */
    private String standing(SectorNumber number) {
        return sectors.find(number).map(Sector::waiting).filter(wait -> wait.on() == WaitsOn.NODE && wait.what() != null)
                .map(wait -> ", which waits for " + wait.what()).orElse("");
    }

    /** What sealing has of the deal; a piece that it gave back ends the deal, with sealing's reason. */
    private Optional<SectorPiece> piece(Deal deal) {
        Optional<SectorPiece> piece = sectors.pieceOf(deal.proposalCid());
        if (piece.isPresent() && piece.get().refusal() != null) {
            throw new FatalException("the piece cannot be sealed: " + piece.get().refusal());
        }
        return piece;
    }

    private static String sectorOf(Deal deal) {
        return Optional.ofNullable(deal.chain().sector()).map(SectorNumber::toString).orElse("its piece");
    }
}
