package io.caravan.node.sim;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A thread that works only when the loop lets it, and hands the turn back when it waits or has done its job. */
final class Fiber {

    private final Loop loop;
    private final Semaphore turn = new Semaphore(0);
    private final Thread thread;
    private @Nullable Job job;
    private boolean isParked;
    private boolean wasWoken;

    /** Something to do in a life. */
    record Job(Life life, Runnable work) {
    }

    Fiber(Loop loop, int number) {
        this.loop = loop;
        this.thread = new Thread(this::live, "sim-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    @Nullable Life life() {
        return job == null ? null : job.life();
    }

    void give(Job next) {
        job = next;
    }

    boolean isParked() {
        return isParked;
    }

    /** Lets it work until it waits or ends; called by the loop. */
    void resume() {
        turn.release();
    }

    /** Gives the turn back until somebody wakes this fiber; called by the fiber itself. */
    boolean park() {
        isParked = true;
        wasWoken = false;
        loop.handBack();
        turn.acquireUninterruptibly();
        return wasWoken;
    }

    void wake(boolean bySomebody) {
        isParked = false;
        wasWoken = bySomebody;
    }

    private void live() {
        while (true) {
            turn.acquireUninterruptibly();
            Job now = job;
            if (now == null) {
                return;
            }
            loop.run(now);
            job = null;
            loop.ended(this);
            loop.handBack();
        }
    }
}
