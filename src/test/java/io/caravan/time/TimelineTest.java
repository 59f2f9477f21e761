package io.caravan.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The machine's own time, where periods and numbers of workers may change. */
class TimelineTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Timeline timeline = Timeline.of(Clock.systemUTC());

    @Test
    void aChangedPeriodHoldsAfterTheNextRound() {
        try (Alarms alarms = timeline.alarms("test", 1)) {
            AtomicReference<Duration> period = new AtomicReference<>(Duration.ofMillis(1));
            AtomicInteger rounds = new AtomicInteger();
            Alarms.Alarm alarm = alarms.every(period::get, () -> {
                if (rounds.incrementAndGet() == 3) {
                    period.set(Duration.ofHours(1));
                }
            });
            Await.until("three rounds", BOUND, () -> rounds.get() == 3);
            CountDownLatch later = new CountDownLatch(1);
            alarms.in(Duration.ofMillis(50), later::countDown);
            Await.until("a while", BOUND, () -> later.getCount() == 0);
            assertThat(rounds).hasValue(3);
            alarm.cancel();
        }
    }

    @Test
    void aRoundThatFailsIsFollowedByTheNextUntilItIsCancelled() {
        try (Alarms alarms = timeline.alarms("test", 1)) {
            AtomicInteger rounds = new AtomicInteger();
            AtomicReference<Alarms.Alarm> alarm = new AtomicReference<>();
            CountDownLatch set = new CountDownLatch(1);
            alarm.set(alarms.every(() -> Duration.ofMillis(1), () -> {
                if (rounds.incrementAndGet() == 5) {
                    awaited(set);
                    alarm.get().cancel();
                }
                throw new IllegalStateException("each time");
            }));
            set.countDown();
            Await.until("five rounds", BOUND, () -> rounds.get() == 5);
            CountDownLatch later = new CountDownLatch(1);
            alarms.in(Duration.ofMillis(30), later::countDown);
            Await.until("a while", BOUND, () -> later.getCount() == 0);
            assertThat(rounds).hasValue(5);
        }
    }

    @Test
    void moreWorkersTakeWhatWaitsAndFewerLetWhatRunsGoOn() {
        try (Workers workers = timeline.workers("test", 1, 10)) {
            AtomicInteger running = new AtomicInteger();
            CountDownLatch end = new CountDownLatch(1);
            for (int i = 0; i < 3; i++) {
                workers.execute(() -> {
                    running.incrementAndGet();
                    awaited(end);
                    running.decrementAndGet();
                });
            }
            Await.until("one runs", BOUND, () -> running.get() == 1);
            workers.resize(3);
            Await.until("all run", BOUND, () -> running.get() == 3);
            workers.resize(1);
            assertThat(running).hasValue(3);
            end.countDown();
            Await.until("all ended", BOUND, () -> running.get() == 0);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
