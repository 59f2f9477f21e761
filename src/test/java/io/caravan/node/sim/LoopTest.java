package io.caravan.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.time.Alarms;
import io.caravan.time.Signal;
import io.caravan.time.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the simulation's loop")
class LoopTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final Loop loop = new Loop(new VirtualClock(Instant.EPOCH));
    private final Life life = new Life(loop, "role");
    private final List<String> told = new ArrayList<>();

    @Test
    @DisplayName("runs alarms in the order of their moments, and hours cost nothing")
    void order() {
        Alarms alarms = life.alarms("test", 1);
        alarms.in(Duration.ofMinutes(50), () -> told.add("late"));
        alarms.in(Duration.ofMinutes(10), () -> told.add("early"));
        alarms.in(Duration.ofMinutes(30), () -> told.add("cancelled")).cancel();
        loop.run(HOUR, () -> false);
        assertThat(told).containsExactly("early", "late");
        assertThat(loop.clock().instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(1)).plusNanos(1000));
    }

    @Test
    @DisplayName("lets work wait for a signal while other work goes on")
    void waits() {
        Signal signal = life.signal();
        loop.spawn(life, () -> {
            told.add("waits");
            told.add("given " + awaited(signal, Duration.ofHours(2)));
            told.add("given " + awaited(signal, Duration.ofMinutes(1)));
        });
        loop.spawn(life, () -> {
            told.add("gives");
            signal.give();
        });
        loop.run(HOUR, () -> false);
        assertThat(told).containsExactly("waits", "gives", "given true", "given false");
    }

    @Test
    @DisplayName("runs no more jobs of a pool at a time than it has threads")
    void bounded() {
        Workers two = life.workers("two", 2, 10);
        Signal never = life.signal();
        for (int i = 0; i < 3; i++) {
            int job = i;
            two.execute(() -> {
                told.add("begins " + job);
                awaited(never, Duration.ofMinutes(10));
                told.add("ends " + job);
            });
        }
        loop.run(HOUR, () -> false);
        assertThat(told.subList(0, 2)).containsExactly("begins 0", "begins 1");
        assertThat(told).contains("begins 2", "ends 2");
    }

    @Test
    @DisplayName("unwinds what a killed life was doing, and begins nothing of it any more")
    void kills() {
        Signal never = life.signal();
        life.alarms("test", 1).in(Duration.ofMinutes(30), () -> told.add("too late"));
        loop.spawn(life, () -> {
            try {
                awaited(never, Duration.ofDays(1));
                told.add("went on");
            } finally {
                told.add("unwound");
            }
        });
        loop.at(Duration.ofMinutes(10).toNanos(), life::end);
        loop.run(HOUR, () -> false);
        assertThat(told).containsExactly("unwound");
        assertThat(life.busy()).isZero();
    }

    private static boolean awaited(Signal signal, Duration limit) {
        try {
            return signal.await(limit);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
