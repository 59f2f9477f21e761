package io.caravan.node.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Figures that are read when somebody scrapes: each group beside the scrape, at most every ten seconds. A group that cannot be
 * read, or hangs, leaves its figures of before, and its age says so; the others come.
 */
public final class Gauges {

    /** How long a scrape waits for a group that was never read. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A group that is costly to read is read more seldom: never more than a twentieth of the time. */
    private static final int SHARE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Gauges.class);

    private final Map<String, Refreshed<List<Sample>>> groups = new ConcurrentSkipListMap<>();
    private final Executor workers;
    private final Duration every;
    private final Clock clock;

    /** @param every how old a figure may be when somebody scrapes */
    public Gauges(Executor workers, Duration every, Clock clock) {
        this.workers = workers;
        this.every = every;
        this.clock = clock;
    }

    /** Adds a group; the reading hands over every sample that it has. */
    public void add(String group, Consumer<Consumer<Sample>> reading) {
        groups.put(group, new Refreshed<>(() -> {
            List<Sample> samples = new ArrayList<>();
            reading.accept(samples::add);
            return samples;
        }, every, SHARE, workers, clock));
    }

    /** Everything as last read. */
    public List<Sample> samples() {
        List<Sample> all = new ArrayList<>();
        Instant end = clock.instant().plus(PATIENCE);
        groups.values().forEach(refreshed -> refreshed.get(Duration.ZERO)); // all begin before one is waited for
        groups.forEach((group, refreshed) -> {
            Duration left = Duration.between(clock.instant(), end);
            Refreshed.Known<List<Sample>> known = refreshed.get(left.isNegative() ? Duration.ZERO : left);
            if (known.failure() != null) {
                LOG.debug("the metrics of {} are not fresh: {}", group, known.failure());
            }
            List<Sample> value = known.value();
            Instant at = known.at();
            if (value != null && at != null) {
                all.addAll(value);
                all.add(Sample.of(Metric.SAMPLE_AGE, Math.max(0, Duration.between(at, clock.instant()).toMillis()) / 1000.0, group));
            }
        });
        return all;
    }
}
