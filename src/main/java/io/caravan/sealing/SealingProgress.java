package io.caravan.sealing;

import io.caravan.model.SectorNumber;
import io.caravan.proofs.PoRep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far this process is with the sectors that it computes, for people: nothing is decided by it, and it is gone with the
 * process. Thread-safe.
 */
public final class SealingProgress implements SealingEngine.Progress {

    /** An engine says something at least every few seconds; what was silent for so long was broken off. */
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final String LAYER = "layer-";

    private final Map<SectorNumber, Running> running = new ConcurrentHashMap<>();
    private final Clock clock;

    /**
     * A computation that runs.
     *
     * @param step as the engine names it, one word
     * @param text the same for people
     * @param done of {@code total}, in one unit
     * @param at when it was said
     */
    public record Running(SectorNumber sector, String step, String text, long done, long total, Instant at) {}

    public SealingProgress(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void at(SectorRef sector, String step, long done, long total) {
        if (done >= total) {
            running.remove(sector.number());
        } else {
            running.put(sector.number(), new Running(sector.number(), step, text(sector, step), done, total, clock.instant()));
        }
    }

    /** What runs now, by sector number. */
    public List<Running> running() {
        Instant old = clock.instant().minus(FRESH);
        running.values().removeIf(one -> one.at().isBefore(old));
        List<Running> list = new ArrayList<>(running.values());
        list.sort(Comparator.comparing(one -> one.sector().value()));
        return list;
    }

    private static String text(SectorRef sector, String step) {
        return switch (step) {
            case "pieces" -> "the pieces";
            case "tree-d" -> "tree over the data (tree-d)";
            case "parents" -> "the graph's parents";
            case "tree-c" -> "tree over the columns (tree-c)";
            case "tree-r-last" -> "replica and its tree (tree-r-last)";
            case "decode" -> "taking the data out of the replica";
            default -> step.startsWith(LAYER) ? "labels, layer " + step.substring(LAYER.length()) + " of "
                    + PoRep.ofNumber(sector.proof().number()).layers() : step;
        };
    }
}
