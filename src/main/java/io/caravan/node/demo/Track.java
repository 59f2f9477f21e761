package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The states that one side of a deal, or a sector, has been in, with the time spent in each. */
final class Track {

    private final List<Move> moves = new ArrayList<>();

    void add(Move move) {
        if (move.changesState()) {
            moves.add(move);
        }
    }

    boolean isEmpty() {
        return moves.isEmpty();
    }

    String state() {
        return moves.isEmpty() ? "" : moves.get(moves.size() - 1).to();
    }

    /** A line a state, oldest first: a mark, the name and the time spent; the last one still runs unless {@code end}. */
    List<String> lines(Instant now, String end) {
        List<String> lines = new ArrayList<>(moves.size());
        for (int i = 0; i < moves.size(); i++) {
            Move move = moves.get(i);
            boolean last = i == moves.size() - 1;
            boolean done = !last || move.to().equals(end);
            Instant until = last ? now : moves.get(i + 1).at();
            String time = last && done ? "" : seconds(Duration.between(move.at(), until));
            lines.add("%s %-22s %7s".formatted(done ? "✓" : "▸", Show.state(move.to()), time));
        }
        return lines;
    }

    private static String seconds(Duration d) {
        return String.format(java.util.Locale.ROOT, "%.2f s", Math.max(0, d.toMillis()) / 1000.0);
    }
}
