package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the deals on a terminal and redraws in place: one deal as three columns of states (client, provider, sector),
 * several deals as one line each.
 */
final class LiveView implements DemoView {

    private static final String ACTIVE = "StorageDealActive";
    private static final int COLUMN = 35;

    /** What is known of one deal. */
    private static final class Row {
        final String name;
        final Track client = new Track();
        final Track provider = new Track();
        Progress progress = new Progress(0, 0);
        Instant since;

        Row(String name, Instant since) {
            this.name = name;
            this.since = since;
        }
    }

    private final PrintStream out;
    private final Clock clock;
    private final Instant start;
    private final Map<String, Row> deals = new LinkedHashMap<>();
    private final Map<String, Track> sectors = new LinkedHashMap<>();
    private int drawn;

    LiveView(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void note(String line) {
        clear();
        out.println(line);
    }

    @Override
    public void started(String proposalCid, String name) {
        deals.put(proposalCid, new Row(name, clock.instant()));
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
    public void tick() {
        List<String> lines = deals.size() == 1 ? single(deals.values().iterator().next()) : many();
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append("\u001b[").append(drawn).append("A");
        }
        lines.forEach(line -> frame.append("\u001b[2K").append(line).append('\n'));
        for (int i = lines.size(); i < drawn; i++) {
            frame.append("\u001b[2K\n");
        }
        out.print(frame);
        out.flush();
        drawn = Math.max(drawn, lines.size());
    }

    @Override
    public void finished(Result result) {
        tick();
        Closing.print(out, result);
    }

    private void clear() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private List<String> single(Row row) {
        Instant now = clock.instant();
        Track sector = sectors.isEmpty() ? new Track() : sectors.values().iterator().next();
        String sectorHead = sectors.isEmpty() ? "SECTOR" : "SECTOR " + sectors.keySet().iterator().next();
        List<String> client = row.client.lines(now, ACTIVE);
        List<String> provider = row.provider.lines(now, ACTIVE);
        List<String> steps = sector.lines(now, "Proving");
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(columns("CLIENT (daemon)", "PROVIDER (miner)", sectorHead));
        int height = Math.max(client.size(), Math.max(provider.size(), steps.size()));
        for (int i = 0; i < height; i++) {
            lines.add(columns(at(client, i), at(provider, i), at(steps, i)));
        }
        lines.add("");
        lines.add(bar(row) + "   " + Show.time(Duration.between(start, now)));
        return lines;
    }

    private List<String> many() {
        Instant now = clock.instant();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("%-14s %-23s %-23s %s".formatted("FILE", "CLIENT", "PROVIDER", "TRANSFER"));
        deals.values().forEach(row -> lines.add("%-14s %-23s %-23s %s".formatted(Show.shorten(row.name, 14),
                Show.state(row.client.state()), Show.state(row.provider.state()), bar(row))));
        StringBuilder steps = new StringBuilder("sectors");
        sectors.forEach((id, track) -> steps.append("  ").append(id).append(' ').append(track.state()));
        lines.add("");
        lines.add(steps.append("   ").append(Show.time(Duration.between(start, now))).toString());
        return lines;
    }

    private static String bar(Row row) {
        Progress p = row.progress;
        return p.total() <= 0 ? "" : "%s %s of %s".formatted(
                Show.bar(p.received(), p.total(), 20), Show.size(p.received()), Show.size(p.total()));
    }

    private static String columns(String a, String b, String c) {
        return (pad(a) + pad(b) + c).stripTrailing();
    }

    private static String pad(String cell) {
        return cell + " ".repeat(Math.max(1, COLUMN - cell.length()));
    }

    private static String at(List<String> lines, int i) {
        return i < lines.size() ? lines.get(i) : "";
    }
}
