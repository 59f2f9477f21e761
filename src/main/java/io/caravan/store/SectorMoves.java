package io.caravan.store;

import io.caravan.model.Flow.Step;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes what events make of a sector; the flow decides, the store writes what comes out. */
final class SectorMoves {

    /** The sector after its events, and a line of history for each. */
    record Moved(Sector sector, List<SectorMove> moves) {}

    private final Supplier<Deadlines> deadlines;

    SectorMoves(Supplier<Deadlines> deadlines) {
        this.deadlines = deadlines;
    }

    /** A step that holds the lease fires; the lease ends when a state is entered. */
    Moved fired(Sector sector, @Nullable String note, List<SectorEvent> events, Instant now) {
        List<Step<SectorState, SectorEvent>> path = SectorFlow.SECTOR.walk(sector.state(), events);
        Moved moved = moved(sector, Turns.enters(path) ? entered(path, now) : stayed(sector, path, Turns.kept(sector.turn()), now),
                path, note, now);
        boolean isSetBack = path.get(path.size() - 1).event().isSetback() && !deadlines.get().coolDown().isZero();
        return isSetBack ? new Moved(cooling(moved.sector(), now), moved.moves()) : moved;
    }

    /** What failed just now is not tried again at once. */
    private Sector cooling(Sector sector, Instant now) {
        Instant again = now.plus(deadlines.get().coolDown());
        String after = sector.message() == null ? "" : " after: " + sector.message();
        return sector.withRunAfter(again).withWaiting(Waiting.NOTHING.on(WaitsOn.TIME, "its next try" + after, now, again));
    }

    /** Somebody outside fires; whoever held the sector has lost it. */
    Moved signalled(Sector sector, List<SectorEvent> events, Instant now) {
        List<Step<SectorState, SectorEvent>> path = SectorFlow.SECTOR.walk(sector.state(), events);
        Turn stayed = stayed(sector, path, Turns.signalled(sector.turn(), path, now), now);
        return moved(sector, Turns.enters(path) ? entered(path, now) : stayed, path, null, now);
    }

    /** How long the sector's state may last; null for Unknown. */
    @Nullable Duration limit(Sector sector) {
        return deadlines.get().of(sector.state());
    }

    private Turn entered(List<Step<SectorState, SectorEvent>> path, Instant now) {
        SectorState to = path.get(path.size() - 1).to();
        return Turns.entered(now, deadlines.get().of(to), null, to == SectorState.UNKNOWN);
    }

    /** Until it is packed a sector's deadline is when it closes; from then on it is the state's. */
    private Turn stayed(Sector sector, List<Step<SectorState, SectorEvent>> path, Turn turn, Instant now) {
        Duration limit = deadlines.get().of(sector.state());
        boolean packed = path.stream().anyMatch(step -> step.event() == SectorEvent.PACKED);
        return packed && limit != null ? turn.withDeadline(now.plus(limit)) : turn;
    }

    /** A state begins with its computation; only a sector that is just opened begins by taking pieces. */
    private static SectorStage stage(Sector sector, List<Step<SectorState, SectorEvent>> path) {
        boolean opened = path.get(path.size() - 1).event() == SectorEvent.OPEN;
        return opened ? SectorStage.STAGING : SectorStage.COMPUTING;
    }

    private static Moved moved(Sector sector, Turn turn, List<Step<SectorState, SectorEvent>> path,
            @Nullable String note, Instant now) {
        var moves = new ArrayList<SectorMove>(path.size());
        long seq = sector.seq();
        SectorState at = sector.state();
        for (Step<SectorState, SectorEvent> step : path) {
            seq++;
            boolean ends = step.to() == SectorState.UNKNOWN;
            moves.add(new SectorMove(sector.number(), seq, step.event(), step.from(), step.to(),
                    note == null && ends ? sector.message() : note, now));
            at = step.to();
        }
        boolean enters = Turns.enters(path);
        Sector is = copy(sector, at, enters ? stage(sector, path) : sector.stage(), seq, turn,
                enters ? Waiting.NOTHING : sector.waiting(), enters ? now : sector.enteredAt(), now);
        return new Moved(is, List.copyOf(moves));
    }

    /** The same sector written once more, without an event. */
    static Sector written(Sector sector, Turn turn, Waiting waiting, Instant now) {
        return copy(sector, sector.state(), sector.stage(), sector.seq(), turn, waiting, sector.enteredAt(), now);
    }

    private static Sector copy(Sector sector, SectorState state, SectorStage stage, long seq, Turn turn,
            Waiting waiting, Instant enteredAt, Instant now) {
        return new Sector(sector.miner(), sector.number(), sector.sealProof(), state, stage, sector.version() + 1, seq,
                sector.ticket(), sector.commD(), sector.commR(), sector.preCommit(), sector.seed(), sector.proof(),
                sector.prove(), sector.expiration(), sector.redos(), sector.message(), turn, waiting,
                sector.createdAt(), enteredAt, now);
    }
}
