package io.caravan.node.sim;

import io.caravan.node.Machine;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Daemon and miner of the simulation: starts them, stops them, kills them. */
final class Roles {

    private static final Logger LOG = LoggerFactory.getLogger(Roles.class);
    private static final Duration START_AGAIN = Duration.ofMinutes(1);
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Loop loop;
    private final Machine machine;
    private final Life outside;
    private final Consumer<String> onStart;
    private final Map<String, Life> lives = new TreeMap<>();
    private final Set<String> up = new HashSet<>();
    private final Set<String> ending = new HashSet<>();
    private int kills;
    private int stops;
    private @Nullable Throwable broken;
    private @Nullable RuntimeException trouble;

    /** @param onStart hears of each role that has come up */
    Roles(Loop loop, Machine machine, Life outside, Consumer<String> onStart) {
        this.loop = loop;
        this.machine = machine;
        this.outside = outside;
        this.onStart = onStart;
    }

    boolean isUp(String role) {
        return up.contains(role);
    }

    boolean areUp() {
        return up.size() == 2;
    }

    int kills() {
        return kills;
    }

    int stops() {
        return stops;
    }

    /** Why a role did not start the last time; null if all did. */
    @Nullable RuntimeException trouble() {
        return trouble;
    }

    Life life(String role) {
        return lives.get(role);
    }

    /** What no program may throw, if some role did. */
    @Nullable Throwable broken() {
        lives.values().stream().map(Life::broken).filter(e -> e != null).findFirst().ifPresent(e -> broken = e);
        return broken;
    }

    /** Starts it now, and again every minute while that fails. */
    void start(String role) {
        Life life = new Life(loop, role);
        lives.put(role, life);
        loop.spawn(life, () -> {
            try {
                if (role.equals("miner")) {
                    machine.startMiner();
                } else {
                    machine.startDaemon();
                }
                up.add(role);
                onStart.accept(role);
            } catch (RuntimeException e) {
                LOG.info("the {} does not start: {}", role, e.getMessage());
                trouble = e;
                life.end();
                loop.spawn(outside, () -> machine.stop(role));
                later(START_AGAIN, () -> start(role));
            }
        });
    }

    /** Ends the role at the given passing of its next meetings with the outside, with what it did half done. */
    void kill(String role, int passing, Duration down) {
        if (!isUp(role) || !ending.add(role)) {
            return;
        }
        Life life = life(role);
        Runnable ending = () -> killed(role, life, down);
        life.endAtCrossing(passing, ending);
        later(PATIENCE, () -> {
            if (!life.isOver()) {
                life.endAtCrossing(0, () -> { });
                ending.run();
            }
        });
    }

    private void killed(String role, Life life, Duration down) {
        kills++;
        LOG.info("the {} is killed", role);
        up.remove(role);
        life.end();
        machine.database(role).close();
        loop.spawn(outside, () -> {
            awaitIdle(life, PATIENCE);
            machine.abandon(role);
            ending.remove(role);
            later(down, () -> start(role));
        });
    }

    /** Lets the role finish what it does for a while, as a stop does, and starts it later. */
    void stop(String role, Duration down) {
        if (!isUp(role) || !ending.add(role)) {
            return;
        }
        stops++;
        Life life = life(role);
        loop.spawn(outside, () -> {
            awaitIdle(life, STOP_WAIT);
            LOG.info("the {} stops", role);
            up.remove(role);
            life.end();
            awaitIdle(life, PATIENCE);
            machine.stop(role);
            ending.remove(role);
            later(down, () -> start(role));
        });
    }

    private void awaitIdle(Life life, Duration limit) {
        long until = loop.now() + limit.toNanos();
        while (life.busy() > 0 && loop.now() < until) {
            loop.await(loop.now() + LOOK.toNanos());
        }
    }

    private void later(Duration delay, Runnable action) {
        loop.at(loop.now() + delay.toNanos(), action);
    }
}
