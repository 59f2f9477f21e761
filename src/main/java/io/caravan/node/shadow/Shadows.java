package io.caravan.node.shadow;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.PhaseWatch;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import io.caravan.store.ShadowStore;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The candidates that run on this node beside its live phases; they come back after a restart until their time is up. */
public final class Shadows implements PhaseWatch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);
    /** How long a candidate may take over one deal. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int MOST = 5;
    private static final int THREADS = 2;
    private static final int QUEUE = 200;
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Duration AFTER_THE_START = Duration.ofSeconds(2);
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

    private final Trial.Tools tools;
    private final Candidate.Tools made;
    private final Alarms alarms;
    private final List<Trial> running = new CopyOnWriteArrayList<>();

    /**
     * @param beans those that live routes call
     * @param errors the text of the live error configurations
     * @param placeholders the settings as routes see them
     * @param limit how long a candidate may take over one deal
     */
    public record Wiring(Role role, DealStore deals, ShadowStore rows, Timeline timeline, Function<String, @Nullable Object> beans,
            Supplier<String> errors, Supplier<Map<String, String>> placeholders, Duration limit) {}

    /** Begins nothing yet. */
    public Shadows(Wiring wiring) {
        String name = wiring.role().text() + "-shadow";
        alarms = wiring.timeline().alarms(name + "-limits", 1);
        Workers workers = wiring.timeline().workers(name, THREADS, QUEUE);
        tools = new Trial.Tools(wiring.deals(), wiring.rows(), wiring.timeline(), workers, alarms, wiring.limit());
        made = new Candidate.Tools(wiring.role(), wiring.beans(), wiring.errors(), wiring.placeholders());
    }

    /** What ran before the last stop comes back a little later; to be called once the live routes are there. */
    public void resumeSoon() {
        alarms.in(AFTER_THE_START, this::resume);
    }

    /**
     * Runs a candidate from now on.
     *
     * @param name by which it is spoken of; the file's
     * @param allow schemes beyond the usual that its steps may send to
     * @throws ShadowRefusedException S1 to S11
     */
    public synchronized ShadowStore.Trial start(String name, String text, Set<String> allow, Duration length, String who) {
        if (!NAMES.matcher(name).matches()) {
            throw new ShadowRefusedException("S9 name:", "'" + name + "' is no name for a candidate: letters, digits, '.', '_' and '-'");
        }
        if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new ShadowRefusedException("S10 time:", "a candidate runs for a while of at most 7 days");
        }
        if (!StepRules.ALLOWABLE.containsAll(allow)) {
            throw new ShadowRefusedException("S6 endpoint-refused:", "only " + new TreeSet<>(StepRules.ALLOWABLE) + " can be allowed");
        }
        if (running.size() >= MOST || find(name).isPresent()) {
            throw new ShadowRefusedException("S11 taken:", find(name).isPresent() ? "a candidate " + name + " runs already: stop it first"
                    : MOST + " candidates run already: stop one first");
        }
        Candidate candidate = new Candidate(made, text, allow);
        Instant until = tools.timeline().clock().instant().plus(length);
        ShadowStore.Trial row;
        try {
            row = tools.rows().begin(name, text, String.join(",", new TreeSet<>(allow)),
                    String.join(",", new TreeSet<>(candidate.states().stream().map(DealState::wireName).toList())), who, until);
        } catch (RuntimeException e) {
            candidate.close();
            throw e;
        }
        runs(new Trial(tools, row, candidate));
        LOG.info("the candidate {} of {} judges {} in shadow until {}", name, who, row.states(), until);
        return row;
    }

    /** Ends a candidate; false when none of that name runs here. */
    public synchronized boolean stop(String name, String why) {
        Optional<Trial> found = find(name);
        found.ifPresent(trial -> end(trial, why));
        return found.isPresent();
    }

    @Override
    public void ended(PhaseRun run) {
        if (running.isEmpty() || run.outcome() != PhaseRun.Outcome.MOVED || !(run.row() instanceof Deal deal)) {
            return;
        }
        running.forEach(trial -> trial.settled(deal, run));
    }

    private Optional<Trial> find(String name) {
        return running.stream().filter(trial -> trial.row().name().equals(name)).findFirst();
    }

    private void runs(Trial trial) {
        running.add(trial);
        Duration left = Duration.between(tools.timeline().clock().instant(), trial.row().until());
        alarms.in(left, () -> {
            synchronized (this) {
                if (running.contains(trial)) {
                    end(trial, "its time was up");
                }
            }
        });
    }

    private void end(Trial trial, String why) {
        running.remove(trial);
        tools.rows().end(trial.row().id(), why);
        trial.close();
    }

    private synchronized void resume() {
        try {
            Instant now = tools.timeline().clock().instant();
            for (ShadowStore.Trial row : tools.rows().live()) {
                if (find(row.name()).isPresent()) {
                    continue; // begun since the start
                }
                if (!row.until().isAfter(now)) {
                    tools.rows().end(row.id(), "its time was up while the node was down");
                    continue;
                }
                resume(row);
            }
        } catch (RuntimeException e) {
            LOG.warn("candidates that ran before the start do not come back: {}", e.getMessage());
        }
    }

    private void resume(ShadowStore.Trial row) {
        try {
            Set<String> allow = row.allowed().isEmpty() ? Set.of() : Set.of(row.allowed().split(","));
            runs(new Trial(tools, row, new Candidate(made, row.candidate(), allow)));
        } catch (ShadowRefusedException e) {
            tools.rows().end(row.id(), "it does not run any more: " + e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        List<Trial> left = new ArrayList<>(running);
        running.clear();
        tools.workers().close();
        alarms.close();
        left.forEach(Trial::close);
    }
}
