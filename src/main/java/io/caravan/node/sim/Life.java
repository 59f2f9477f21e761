package io.caravan.node.sim;

import io.caravan.time.Alarms;
import io.caravan.time.Signal;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time of one role from its start to its stop or kill: what it planned ends with it. */
final class Life implements Timeline {

    private static final Logger LOG = LoggerFactory.getLogger(Life.class);

    private final Loop loop;
    private final String name;
    private int busy;
    private boolean isOver;
    private @Nullable Throwable broken;
    private @Nullable Runnable atCrossing;
    private int crossings;

    Life(Loop loop, String name) {
        this.loop = loop;
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isOver() {
        return isOver;
    }

    /** Pieces of work that have begun and not ended. */
    int busy() {
        return busy;
    }

    /** What no program may throw, if something did. */
    @Nullable Throwable broken() {
        return broken;
    }

    /** Lets that many more looks at the outside pass, then does what is given, which ends this life, in the midst of work. */
    void endAtCrossing(int passing, Runnable ending) {
        crossings = passing;
        atCrossing = ending;
    }

    /** Where this life meets the outside: the places at which a process can be killed with something half done. */
    void crossing() {
        Runnable ending = atCrossing;
        if (ending != null && crossings-- <= 0) {
            atCrossing = null;
            ending.run();
        }
        if (isOver) {
            throw new LifeEnded(name);
        }
    }

    /** From now on nothing of it runs; what waits unwinds. */
    void end() {
        isOver = true;
        loop.unwind(this);
    }

    void began() {
        busy++;
    }

    void finished() {
        busy--;
    }

    void broke(Throwable e) {
        if (!isOver) {
            LOG.warn("{}: work broke off", name, e);
            if (e instanceof Error) {
                broken = e;
            }
        }
    }

    @Override
    public Clock clock() {
        return loop.clock();
    }

    @Override
    public long nanos() {
        return loop.now();
    }

    @Override
    public Workers workers(String pool, int threads, int queue) {
        return new Pool(threads, queue);
    }

    @Override
    public Alarms alarms(String timers, int threads) {
        return new Timers();
    }

    @Override
    public Signal signal() {
        return new Flag();
    }

    private final class Pool implements Workers {

        private int threads;
        private final int most;
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private int running;
        private boolean isFinishing;

        Pool(int threads, int most) {
            this.threads = threads;
            this.most = most;
        }

        @Override
        public void execute(Runnable job) {
            if (isFinishing || isOver || running >= threads && waiting.size() >= most) {
                throw new RejectedExecutionException("no place for more work");
            }
            if (running < threads) {
                start(job);
            } else {
                waiting.add(job);
            }
        }

        private void start(Runnable job) {
            running++;
            loop.spawn(Life.this, () -> {
                try {
                    job.run();
                } finally {
                    running--;
                    Runnable next = running < threads ? waiting.poll() : null;
                    if (next != null && !isOver) {
                        start(next);
                    }
                }
            });
        }

        @Override
        public void resize(int jobs) {
            threads = jobs;
            while (running < threads && !waiting.isEmpty() && !isOver) {
                start(waiting.poll());
            }
        }

        @Override
        public void finish() {
            isFinishing = true;
        }

        @Override
        public void close() {
            isFinishing = true;
            waiting.clear();
        }
    }

    private final class Timers implements Alarms {

        private boolean isClosed;

        @Override
        public Alarm in(Duration delay, Runnable work) {
            Loop.Event event = loop.at(loop.now() + Math.max(0, delay.toNanos()), () -> ring(work));
            return event::cancel;
        }

        @Override
        public Alarm every(Duration period, Runnable work) {
            Again again = new Again(this, period, work);
            again.plan();
            return again::cancel;
        }

        private void ring(Runnable work) {
            if (!isClosed && !isOver) {
                loop.spawn(Life.this, work);
            }
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static final class Again {

        private final Timers timers;
        private final Duration period;
        private final Runnable work;
        private Alarms.Alarm next = () -> { };
        private boolean isCancelled;

        Again(Timers timers, Duration period, Runnable work) {
            this.timers = timers;
            this.period = period;
            this.work = work;
        }

        void plan() {
            next = timers.in(period, () -> {
                try {
                    if (!isCancelled) {
                        work.run();
                    }
                } finally {
                    if (!isCancelled) {
                        plan();
                    }
                }
            });
        }

        void cancel() {
            isCancelled = true;
            next.cancel(); // else it would ring once more, and that costs a turn
        }
    }

    private final class Flag implements Signal {

        private boolean isGiven;
        private @Nullable Fiber waiting;

        @Override
        public void give() {
            isGiven = true;
            if (waiting != null) {
                loop.wake(waiting, true);
            }
        }

        @Override
        public boolean await(Duration limit) {
            if (!isGiven) {
                waiting = loop.self();
                loop.await(loop.now() + limit.toNanos());
                waiting = null;
            }
            boolean was = isGiven;
            isGiven = false;
            return was;
        }
    }
}
