package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Sector;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorState;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.sealing.SealingProgress.Running;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a sector stands inside its state (spec sealing 5.4): its sub-state, how often it was set back and tried, when it is
 * looked at next, and all of that in one sentence.
 */
final class SectorStanding {

    private SectorStanding() {}

    /** @param running how far this node is with the sector's computation; null where it says nothing */
    static void put(ObjectNode info, Sector sector, List<SectorMove> moves, @Nullable Running running) {
        Turn turn = sector.turn();
        Waiting waiting = sector.waiting();
        boolean hasEnded = sector.state() == SectorState.UNKNOWN;
        long setbacks = moves.stream().filter(move -> move.event().isSetback()).count();
        info.put("subState", word(sector, moves)).put("setbacks", setbacks).put("nextTry", hasEnded || turn.parked() ? null
                : text(turn.runAfter())).put("deadline", text(turn.deadline()))
                .put("waitsOn", waiting.on() == null ? null : waiting.on().text()).put("waitsSince", text(waiting.since()))
                .put("waitsUntil", text(waiting.until())).put("standing", sentence(sector, moves, running));
    }

    /** The stage, unless something stands in its way: {@code parked}, {@code failed} until it is tried again, {@code waiting}. */
    private static String word(Sector sector, List<SectorMove> moves) {
        if (sector.state() == SectorState.UNKNOWN) {
            return "ended";
        }
        if (sector.turn().parked()) {
            return "parked";
        }
        if (sector.turn().lease() != null) {
            return sector.stage().text();
        }
        if (sector.turn().attempt() > 0 || isCoolingDown(sector, moves)) {
            return "failed";
        }
        return sector.waiting().on() != null && sector.waiting().what() != null ? "waiting" : sector.stage().text();
    }

    private static boolean isCoolingDown(Sector sector, List<SectorMove> moves) {
        return sector.waiting().until() != null && !moves.isEmpty() && moves.get(moves.size() - 1).event().isSetback();
    }

    private static String sentence(Sector sector, List<SectorMove> moves, @Nullable Running running) {
        String why = Optional.ofNullable(sector.waiting().lastError()).or(() -> Optional.ofNullable(sector.message())).orElse("");
        String because = why.isEmpty() ? "" : ": " + why;
        return switch (word(sector, moves)) {
            case "ended" -> "ended" + because;
            case "parked" -> "waits for an operator" + because;
            case "failed" -> "failed" + times(sector.turn().attempt()) + ", again at " + sector.turn().runAfter() + because;
            case "waiting" -> "waits for " + sector.waiting().what();
            default -> going(sector, running);
        };
    }

    /** Nothing stands in its way. */
    private static String going(Sector sector, @Nullable Running running) {
        return switch (sector.stage()) {
            case STAGING -> "takes pieces";
            case SUBMITTING -> "its message is about to be sent";
            case LANDING -> "its message is on its way to the chain";
            case FAULTY -> "faulty";
            case COMPUTING -> sector.state() == SectorState.PROVING ? "is proven to the chain every day" : computing(sector, running);
        };
    }

    private static String computing(Sector sector, @Nullable Running running) {
        if (running != null) {
            return "computing: " + running.text() + ", " + running.done() * 100 / Math.max(1, running.total()) + " %";
        }
        String what = switch (sector.state()) {
            case PRE_COMMIT_PHASE_1 -> "the labels";
            case PRE_COMMIT_PHASE_2 -> "the sealed copy and its trees";
            case COMMIT_PHASE_1 -> "the parts that the chain asked for";
            case COMMIT_PHASE_2 -> "the proof";
            default -> "what is kept of the sector";
        };
        return sector.turn().lease() == null ? "about to compute " + what : "computing " + what + ", in this step since " + sector.enteredAt();
    }

    private static String times(int attempts) {
        return attempts == 0 ? "" : attempts == 1 ? " once" : " " + attempts + " times";
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
