package io.caravan.camel;

import io.caravan.model.LogScope;
import io.caravan.model.Sector;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.Turn;
import io.caravan.model.WaitsOn;
import io.caravan.store.SectorStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sectors of one state, or of one stage of it. */
record SectorTurnstile(SectorStore store, SectorState sectorState, @Nullable SectorStage stage, Duration lease,
        Duration delay) implements Turnstile<Sector> {

    @Override
    public String kind() {
        return "sector";
    }

    @Override
    public String state() {
        return sectorState.wireName();
    }

    @Override
    public Class<Sector> type() {
        return Sector.class;
    }

    @Override
    public String key(Sector sector) {
        return sector.number().toString();
    }

    @Override
    public Turn turn(Sector sector) {
        return sector.turn();
    }

    @Override
    public String stateOf(Sector sector) {
        return sector.state().wireName();
    }

    @Override
    public LogScope scope(Sector sector) {
        return LogScope.of(sector.number(), sectorState);
    }

    @Override
    public @Nullable String waitsFor(Sector sector) {
        return sector.waiting().what();
    }

    @Override
    public List<Sector> claim(int limit) {
        return store.claim(sectorState, stage, limit, lease);
    }

    /** Sectors that have computed and whose message is on its way; none where the route wants another stage. */
    List<Sector> claimComputed() {
        for (SectorStage computed : stage == null ? List.of(SectorStage.SUBMITTING, SectorStage.LANDING) : List.<SectorStage>of()) {
            List<Sector> found = store.claim(sectorState, computed, 1, lease);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    /** Notes what the sectors wait for that would compute now; whether there are any. */
    boolean keepOut(String waitsFor) {
        return store.keepOut(sectorState, waitsFor) > 0;
    }

    /** The same sector, about to compute: what it waited for, room or its next try, is there. */
    Sector begun(Sector sector) {
        WaitsOn on = sector.waiting().on();
        boolean hasWaited = (on == WaitsOn.NODE || on == WaitsOn.TIME) && sector.waiting().what() != null;
        return hasWaited ? store.record(sector.withWaiting(sector.waiting().forgotten())) : sector;
    }

    @Override
    public boolean renew(Sector sector) {
        return store.renew(sector, lease);
    }

    @Override
    public Instant postpone(Sector sector) {
        return store.postpone(sector, delay);
    }

    @Override
    public Instant retry(Sector sector, Throwable failure) {
        return store.retry(asStored(sector), failure);
    }

    @Override
    public void release(Sector sector) {
        store.release(asStored(sector));
    }

    /** A sector that still takes pieces is not given up by its deadline: that is when packing closes it. */
    @Override
    public Optional<String> late(Sector sector, Instant now, @Nullable Throwable failure) {
        return sector.stage() != SectorStage.STAGING && sector.turn().isOverdue(now) ? Optional.of(Lateness.byTime(
                sector.enteredAt(), now, asStored(sector).waiting(), "its step " + sectorState, failure)) : Optional.empty();
    }

    @Override
    public void giveUp(Sector sector, String reason) {
        Sector stored = asStored(sector);
        store.advanceBecause(stored.withMessage(reason), reason, SectorFlow.SECTOR.failure(stored.state()).orElseThrow());
    }

    /** A step notes its progress as it goes, so the row it failed with may be newer than the one it was given. */
    private Sector asStored(Sector sector) {
        return store.find(sector.number()).filter(now -> now.turn().lease() != null
                && now.turn().lease().equals(sector.turn().lease())).orElse(sector);
    }
}
