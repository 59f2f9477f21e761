package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Draws the deals on a terminal and redraws in place: one deal as three columns of states (client, provider, sector),
 * several deals as one line each. What is drawn never has more lines or columns than the terminal, because what has
 * scrolled away cannot be redrawn.
 */
final class LiveView implements DemoView {

    private static final String ACTIVE = "StorageDealActive";
    /** Columns that three roomy tracks need; below it they stand closer. */
    private static final int ROOMY = 103;
    private static final Duration SIZE_HOLDS = Duration.ofSeconds(2);

    /** What is known of one deal. */
    private static final class Row {
        final String name;
        final Track client = new Track();
        final Track provider = new Track();
        Progress progress = new Progress(0, 0);

        Row(String name) {
            this.name = name;
        }

        boolean isActive() {
            return client.state().equals(ACTIVE) && provider.state().equals(ACTIVE);
        }
    }

    private final PrintStream out;
    private final Clock clock;
    private final Instant start;
    private final Map<String, Row> deals = new LinkedHashMap<>();
    private final Map<String, Track> sectors = new LinkedHashMap<>();
    private final Supplier<Screen> terminal;
    private Screen screen;
    private Instant measured;
    private List<Sealing> running = List.of();
    private int drawn;

    /** @param terminal asked for the terminal's size now and then */
    LiveView(PrintStream out, Clock clock, Supplier<Screen> terminal) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
        this.terminal = terminal;
        this.screen = terminal.get();
        this.measured = start;
    }

    @Override
    public void note(String line) {
        clear();
        out.println(line);
    }

    @Override
    public void started(String proposalCid, String name) {
        deals.put(proposalCid, new Row(name));
    }

    @Override
    public void moved(Move move) {
        if (move.role().equals("sector")) {
            sectors.computeIfAbsent(move.id(), id -> new Track()).add(move);
            return;
        }
        Row row = deals.get(move.id());
        if (row != null) {
            (move.role().equals("client") ? row.client : row.provider).add(move);
        }
    }

    @Override
    public void progress(String proposalCid, Progress progress) {
        Row row = deals.get(proposalCid);
        if (row != null) {
            row.progress = progress;
        }
    }

    @Override
    public void sealing(List<Sealing> now) {
        running = now;
    }

    @Override
    public void tick() {
        Instant now = clock.instant();
        if (now.isAfter(measured.plus(SIZE_HOLDS))) {
            screen = terminal.get();
            measured = now;
        }
        draw(screen.rows() - 1);
    }

    private void draw(int height) {
        List<String> lines = deals.size() == 1 ? single(deals.values().iterator().next(), height) : many(height);
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append("\u001b[").append(drawn).append("A");
        }
        lines.forEach(line -> frame.append("\u001b[2K").append(screen.fit(line)).append('\n'));
        out.print(frame.append("\u001b[J"));
        out.flush();
        drawn = lines.size();
    }

    @Override
    public void finished(Result result) {
        draw(Integer.MAX_VALUE); // the last frame stays, whole
        Closing.print(out, result);
    }

    private void clear() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private List<String> single(Row row, int height) {
        Instant now = clock.instant();
        Track sector = sectors.isEmpty() ? new Track() : sectors.values().iterator().next();
        String sectorHead = sectors.isEmpty() ? "SECTOR" : "SECTOR " + sectors.keySet().iterator().next();
        boolean isRoomy = screen.columns() >= ROOMY;
        List<List<String>> tracks = List.of(
                row.client.lines(now, ACTIVE, isRoomy ? Track.ROOMY : Track.CLIENT),
                row.provider.lines(now, ACTIVE, isRoomy ? Track.ROOMY : Track.PROVIDER),
                sector.lines(now, "Proving", isRoomy ? Track.ROOMY : Track.SECTOR));
        int gap = isRoomy ? 3 : 1;
        int[] widths = {(isRoomy ? Track.ROOMY : Track.CLIENT).width() + gap,
            (isRoomy ? Track.ROOMY : Track.PROVIDER).width() + gap};
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(columns(widths, "CLIENT (daemon)", "PROVIDER (miner)", sectorHead));
        int longest = tracks.stream().mapToInt(List::size).max().orElse(0);
        int shown = Math.min(longest, Math.max(1, height - 4 - (running.isEmpty() ? 0 : 1)));
        for (int i = 0; i < shown; i++) {
            lines.add(columns(widths, at(tracks.get(0), shown, i), at(tracks.get(1), shown, i), at(tracks.get(2), shown, i)));
        }
        lines.add("");
        lines.add((bar(row, true) + "   " + Show.time(Duration.between(start, now))).strip());
        if (!running.isEmpty()) {
            Sealing one = running.get(0);
            lines.add("%s sealing: %s, %d %%".formatted(Show.bar(one.done(), one.total(), 20), one.text(), one.percent()));
        }
        return lines;
    }

    private List<String> many(int height) {
        Instant now = clock.instant();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("%-14s %-23s %-23s %s".formatted("FILE", "CLIENT", "PROVIDER", "TRANSFER"));
        List<Row> rows = new ArrayList<>(deals.values());
        int room = Math.max(1, height - 5 - (running.isEmpty() ? 0 : 1));
        int active = (int) rows.stream().filter(Row::isActive).count();
        if (rows.size() > room) {
            rows.sort(Comparator.comparing(Row::isActive)); // those on their way first
        }
        rows.stream().limit(room).forEach(row -> lines.add("%-14s %-23s %-23s %s".formatted(Show.shorten(row.name, 14),
                Show.state(row.client.state()), Show.state(row.provider.state()), bar(row, screen.columns() >= ROOMY))));
        lines.add(rows.size() > room ? "… and " + (rows.size() - room) + " more" : "");
        lines.add("%d of %d Active   %s%s".formatted(active, rows.size(), Show.time(Duration.between(start, now)), sectorSteps()));
        if (!running.isEmpty()) {
            lines.add("sealing " + running.stream().map(one -> "sector %d: %s, %d %%".formatted(one.sector(), one.text(), one.percent()))
                    .collect(Collectors.joining("; ")));
        }
        return lines;
    }

    /** How many sectors are in each step, in the order in which the steps were first reached. */
    private String sectorSteps() {
        Map<String, Integer> count = new LinkedHashMap<>();
        sectors.values().forEach(track -> count.merge(track.state(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        count.forEach((state, n) -> text.append(text.length() == 0 ? "   sectors: " : ", ").append(n).append(' ').append(state));
        return text.toString();
    }

    private static String bar(Row row, boolean isLong) {
        Progress p = row.progress;
        if (p.total() <= 0) {
            return "";
        }
        return isLong
                ? "%s %s of %s".formatted(Show.bar(p.received(), p.total(), 20), Show.size(p.received()), Show.size(p.total()))
                : "%s %3d%%".formatted(Show.bar(p.received(), p.total(), 10), p.received() * 100 / p.total());
    }

    private static String columns(int[] widths, String a, String b, String c) {
        return (pad(a, widths[0]) + pad(b, widths[1]) + c).stripTrailing();
    }

    private static String pad(String cell, int width) {
        return cell + " ".repeat(Math.max(1, width - cell.length()));
    }

    /** The i-th of the last {@code shown} lines. */
    private static String at(List<String> lines, int shown, int i) {
        int line = Math.max(0, lines.size() - shown) + i;
        return line < lines.size() ? lines.get(line) : "";
    }
}
