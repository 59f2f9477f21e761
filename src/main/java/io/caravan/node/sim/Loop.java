package io.caravan.node.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one piece of simulated work run at a time, in an order that only their moments and the order of their making decide,
 * and moves the clock to the next moment when nothing is left to do at this one. Not for many threads: only the work that
 * has the turn, and whom it waits for, may call.
 */
final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** Something planned. */
    static final class Event implements Comparable<Event> {
        private final long at;
        private final long order;
        private final Runnable action;
        private boolean isCancelled;

        private Event(long at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }

        void cancel() {
            isCancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final VirtualClock clock;
    private final Deque<Fiber> ready = new ArrayDeque<>();
    private final Deque<Fiber> idle = new ArrayDeque<>();
    private final List<Fiber> all = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Semaphore back = new Semaphore(0);
    private final Thread driver = Thread.currentThread();
    private @Nullable Fiber current;
    private long made;

    Loop(VirtualClock clock) {
        this.clock = clock;
    }

    VirtualClock clock() {
        return clock;
    }

    /** Nanoseconds since the start. */
    long now() {
        return clock.nanos();
    }

    /** Plans the action, which must not wait; it runs between two turns. */
    Event at(long nanos, Runnable action) {
        Event event = new Event(Math.max(nanos, now()), made++, action);
        events.add(event);
        return event;
    }

    /** Begins a job as soon as all that is ready before has had its turn. */
    void spawn(Life life, Runnable work) {
        Fiber fiber = idle.poll();
        if (fiber == null) {
            fiber = new Fiber(this, all.size());
            all.add(fiber);
        }
        fiber.give(new Fiber.Job(life, work));
        life.began();
        ready.add(fiber);
    }

    /** Whose work has the turn; null for the driver. */
    @Nullable Life life() {
        return current == null ? null : current.life();
    }

    /**
     * The calling work waits to be woken, at most until that moment.
     *
     * @return false if nobody woke it
     */
    boolean await(long until) {
        Fiber fiber = current;
        if (fiber == null || Thread.currentThread() != fiber.thread()) {
            throw new IllegalStateException("only simulated work can wait, not " + Thread.currentThread().getName());
        }
        Life life = fiber.life();
        Event timeout = at(until, () -> wake(fiber, false));
        boolean woken = fiber.park();
        timeout.cancel();
        if (life != null && life.isOver()) {
            throw new LifeEnded(life.name());
        }
        return woken;
    }

    /** The fiber that has the turn, to be woken later. */
    Fiber self() {
        Fiber fiber = current;
        if (fiber == null) {
            throw new IllegalStateException("only simulated work can wait");
        }
        return fiber;
    }

    void wake(Fiber fiber, boolean bySomebody) {
        if (fiber.isParked()) {
            fiber.wake(bySomebody);
            ready.add(fiber);
        }
    }

    /** Wakes all that waits in an ended life, so that it unwinds. */
    void unwind(Life life) {
        for (Fiber fiber : List.copyOf(all)) {
            if (fiber.life() == life) {
                wake(fiber, false);
            }
        }
    }

    /**
     * Works until that moment, or until the condition holds after some turn. To be called by the thread that made the loop.
     *
     * @return whether the condition held
     */
    boolean run(long until, BooleanSupplier done) {
        if (Thread.currentThread() != driver) {
            throw new IllegalStateException("the loop has one driver");
        }
        while (!done.getAsBoolean()) {
            Fiber next = ready.poll();
            if (next != null) {
                turn(next);
                continue;
            }
            Event event = events.peek();
            if (event == null || event.at > until) {
                clock.moveTo(until);
                return false;
            }
            events.poll();
            if (!event.isCancelled) {
                clock.moveTo(event.at);
                event.action.run();
            }
        }
        return true;
    }

    private void turn(Fiber fiber) {
        current = fiber;
        clock.working(fiber.thread());
        fiber.resume();
        back.acquireUninterruptibly();
        current = null;
        clock.working(driver);
    }

    void handBack() {
        back.release();
    }

    void ended(Fiber fiber) {
        idle.push(fiber);
    }

    void run(Fiber.Job job) {
        try {
            if (!job.life().isOver()) {
                job.work().run();
            }
        } catch (LifeEnded e) {
            LOG.debug("{}", e.getMessage());
        } catch (Throwable e) {
            job.life().broke(e);
        } finally {
            job.life().finished();
        }
    }

    /** Ends the threads of all that has nothing to do. */
    void close() {
        idle.forEach(Fiber::resume);
        idle.clear();
    }
}
