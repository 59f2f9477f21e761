package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The states that one side of a deal, or a sector, has been in, with the time spent in each. */
final class Track {

    /** How wide the names stand, and how many decimals a second has. */
    record Shape(int names, int decimals) {

        int width() {
            return 2 + names + 5 + decimals;
        }
    }

    static final Shape ROOMY = new Shape(23, 2);
    /** Three of these fit 80 columns; each is as wide as its longest state. */
    static final Shape CLIENT = new Shape(18, 1);
    static final Shape PROVIDER = new Shape(20, 1);
    static final Shape SECTOR = new Shape(15, 1);

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
    List<String> lines(Instant now, String end, Shape shape) {
        List<String> lines = new ArrayList<>(moves.size());
        for (int i = 0; i < moves.size(); i++) {
            Move move = moves.get(i);
            boolean last = i == moves.size() - 1;
            boolean done = !last || move.to().equals(end);
            Instant until = last ? now : moves.get(i + 1).at();
            String time = last && done ? "" : seconds(Duration.between(move.at(), until), shape.decimals());
            lines.add("%s %s%s".formatted(done ? "✓" : "▸", left(Show.state(move.to()), shape.names()),
                    right(time, 5 + shape.decimals())));
        }
        return lines;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String seconds(Duration d, int decimals) {
        double seconds = Math.max(0, d.toMillis()) / 1000.0;
        return String.format(Locale.ROOT, "%." + (seconds < (decimals > 1 ? 99.9 : 9.9) ? decimals : 0) + "f s", seconds);
    }
}
