package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line a move, for logs and pipes: nothing is redrawn. */
final class PlainView implements DemoView {

    private final PrintStream out;
    private final Instant start;
    private final Map<String, Integer> shownTenths = new HashMap<>();
    private final Map<Long, String> shownSteps = new HashMap<>();

    PlainView(PrintStream out, Instant start) {
        this.out = out;
        this.start = start;
    }

    @Override
    public void note(String line) {
        out.println(line);
    }

    @Override
    public void started(String proposalCid, String name) {
        out.println("deal " + proposalCid + " for " + name);
    }

    @Override
    public void moved(Move move) {
        if (move.changesState()) {
            out.printf(Locale.ROOT, "%6.2f s  %-8s  %s  %s → %s  (%s)%n",
                    Duration.between(start, move.at()).toMillis() / 1000.0, move.role(), Show.shorten(move.id(), 16),
                    Show.state(move.from()), Show.state(move.to()), move.event());
        }
    }

    @Override
    public void progress(String proposalCid, Progress progress) {
        int tenth = progress.total() <= 0 ? 0 : (int) (progress.received() * 10 / progress.total());
        Integer before = shownTenths.put(proposalCid, tenth);
        if (tenth > 0 && (before == null || before < tenth)) {
            out.printf("          transfer  %s  %s of %s%n", Show.shorten(proposalCid, 16),
                    Show.size(progress.received()), Show.size(progress.total()));
        }
    }

    @Override
    public void sealing(List<Sealing> running) {
        for (Sealing one : running) {
            if (!one.text().equals(shownSteps.put(one.sector(), one.text()))) {
                out.printf(Locale.ROOT, "          sealing   %d  %s%n", one.sector(), one.text());
            }
        }
    }

    @Override
    public void tick() {
        out.flush();
    }

    @Override
    public void finished(Result result) {
        Closing.print(out, result);
    }
}
