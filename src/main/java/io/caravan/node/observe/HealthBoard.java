package io.caravan.node.observe;

import io.caravan.node.net.Finding;
import io.caravan.node.net.Finding.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * All checks of one role. They run when somebody asks, beside who asks, at most every few seconds; who asks waits three seconds
 * at most. A check that hangs is a finding itself, and does not run a second time meanwhile.
 */
public final class HealthBoard {

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String role;
    private final Executor workers;
    private final Clock clock;
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final Map<HealthCheck, Refreshed<List<Finding>>> looks = new ConcurrentHashMap<>();
    private volatile BooleanSupplier alive = () -> true;

    public HealthBoard(String role, Executor workers, Clock clock) {
        this.role = role;
        this.workers = workers;
        this.clock = clock;
    }

    public void add(HealthCheck check) {
        looks.put(check, new Refreshed<>(check.look(), EVERY, 0, workers, clock));
        checks.add(check);
    }

    /** Sets what says whether the process works at all; it must not wait for anything. */
    public void aliveWhile(BooleanSupplier works) {
        alive = works;
    }

    public boolean isLive() {
        return alive.getAsBoolean();
    }

    /** Whether this role takes deals now. */
    public boolean isReady() {
        List<HealthCheck> needed = checks.stream().filter(HealthCheck::holdsReady).toList();
        return isLive() && isReady(needed, looks(needed));
    }

    public HealthReport report() {
        List<HealthCheck> all = List.copyOf(checks);
        List<HealthReport.Look> found = looks(all);
        boolean isLive = isLive();
        return new HealthReport(role, isLive, isLive && isReady(all, found), found);
    }

    private static boolean isReady(List<HealthCheck> checks, List<HealthReport.Look> found) {
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i).holdsReady() && found.get(i).findings().stream().anyMatch(finding -> finding.level() == Level.FAIL)) {
                return false;
            }
        }
        return true;
    }

    private List<HealthReport.Look> looks(List<HealthCheck> wanted) {
        wanted.forEach(check -> look(check).get(Duration.ZERO)); // all begin before one is waited for
        Instant end = clock.instant().plus(PATIENCE);
        List<HealthReport.Look> found = new ArrayList<>();
        for (HealthCheck check : wanted) {
            Duration left = Duration.between(clock.instant(), end);
            found.add(new HealthReport.Look(check.name(), findings(check, look(check).get(left.isNegative() ? Duration.ZERO : left))));
        }
        return found;
    }

    private Refreshed<List<Finding>> look(HealthCheck check) {
        return looks.get(check);
    }

    private static List<Finding> findings(HealthCheck check, Refreshed.Known<List<Finding>> known) {
        Duration hangs = known.hangs();
        List<Finding> value = known.value();
        if (hangs != null && (value == null || hangs.compareTo(PATIENCE) >= 0)) {
            return List.of(Finding.fail(check.code(), check.name(), "the look has not answered for " + Math.max(1, hangs.toSeconds()) + " s",
                    "see whether the database and the chain node answer, and look in the log; ./caravan health shows it again"));
        }
        if (known.failure() != null) {
            return List.of(Finding.fail(check.code(), check.name(), "it could not be looked at: " + known.failure(),
                    "see whether the database and the chain node answer, and look in the log"));
        }
        return value == null ? List.of() : value;
    }
}
