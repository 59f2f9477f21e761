package io.caravan.store;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes what events make of a deal; the flow decides, the store writes what comes out. */
final class DealMoves {

    /** States whose entry wants a reason in the history. */
    private static final Set<DealState> SAD = EnumSet.of(DealState.REJECTING, DealState.FAILING, DealState.ERROR);

    /** The deal after its events, and a line of history for each. */
    record Moved(Deal deal, List<DealMove> moves) {}

    private final Supplier<Deadlines> deadlines;

    DealMoves(Supplier<Deadlines> deadlines) {
        this.deadlines = deadlines;
    }

    /** A phase that holds the lease fires; the lease ends when a state is entered. */
    Moved fired(Deal deal, @Nullable String note, List<DealEvent> events, Instant now) {
        List<Step<DealState, DealEvent>> path = DealFlow.of(deal.role()).walk(deal.state(), events);
        Turn turn = Turns.enters(path) ? entered(deal, path, now) : Turns.kept(deal.turn());
        return moved(deal, turn, path, note, now);
    }

    /** Somebody outside fires; whoever held the deal has lost it. */
    Moved signalledBecause(Deal deal, @Nullable String note, List<DealEvent> events, Instant now) {
        List<Step<DealState, DealEvent>> path = DealFlow.of(deal.role()).walk(deal.state(), events);
        Turn turn = Turns.enters(path) ? entered(deal, path, now) : Turns.signalled(deal.turn(), path, now);
        return moved(deal, turn, path, note, now);
    }

    /** An operator takes the deal back to a state; who asks has checked that it may. */
    Moved rewound(Deal deal, DealState to, String note, Instant now) {
        var step = new Step<>(deal.state(), DealEvent.OPERATOR_REWOUND, Effect.ENTER, to);
        return moved(deal, entered(deal, List.of(step), now), List.of(step), note, now);
    }

    /** How long the deal's state may last without progress; null for a final one. */
    @Nullable Duration limit(Deal deal) {
        return deadlines.get().idle(deal, deal.state());
    }

    /** The same deal with the deadlines of its state where it has none: it is fresh, or has just made progress. */
    Deal timed(Deal deal, Instant now) {
        Turn turn = deal.turn();
        Duration limit = limit(deal);
        if (limit == null || turn.deadline() != null) {
            return deal;
        }
        Epoch last = turn.lastEpoch() == null ? deadlines.get().epoch(deal, deal.state()) : turn.lastEpoch();
        return deal.withTurn(new Turn(turn.runAfter(), turn.attempt(), turn.bugs(), now.plus(limit), last, turn.lease(),
                turn.parked()));
    }

    private Turn entered(Deal deal, List<Step<DealState, DealEvent>> path, Instant now) {
        DealState to = path.get(path.size() - 1).to();
        return Turns.entered(now, deadlines.get().idle(deal, to), deadlines.get().epoch(deal, to), to.isFinal());
    }

    private Moved moved(Deal deal, Turn turn, List<Step<DealState, DealEvent>> path, @Nullable String note,
            Instant now) {
        var moves = new ArrayList<DealMove>(path.size());
        long seq = deal.seq();
        Instant since = deal.enteredAt();
        DealState at = deal.state();
        for (Step<DealState, DealEvent> step : path) {
            seq++;
            String reason = note == null && SAD.contains(step.to()) ? deal.message() : note;
            moves.add(new DealMove(deal.proposalCid(), deal.role(), seq, step.event(), step.from(), step.to(), reason,
                    now, since));
            since = step.effect() == Effect.ENTER ? now : since;
            at = step.to();
        }
        boolean enters = Turns.enters(path);
        Deal is = new Deal(deal.proposalCid(), deal.role(), at, deal.version() + 1, seq, deal.proposal(),
                deal.dataRef(), deal.fastRetrieval(), deal.peer(), deal.transfer(), deal.files(), deal.funds(),
                deal.chain(), deal.remote(), deal.message(), turn, enters ? Waiting.NOTHING : deal.waiting(),
                deal.createdAt(), enters ? now : deal.enteredAt(), now);
        return new Moved(timed(is, now), List.copyOf(moves));
    }

    /** The same deal written once more, without an event. */
    Deal written(Deal deal, Turn turn, Waiting waiting, Instant now) {
        return timed(new Deal(deal.proposalCid(), deal.role(), deal.state(), deal.version() + 1, deal.seq(),
                deal.proposal(), deal.dataRef(), deal.fastRetrieval(), deal.peer(), deal.transfer(), deal.files(),
                deal.funds(), deal.chain(), deal.remote(), deal.message(), turn, waiting, deal.createdAt(),
                deal.enteredAt(), now), now);
    }
}
