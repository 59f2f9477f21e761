package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageWatcher;
import io.caravan.codec.Cid;
import io.caravan.time.Signal;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits at a role's start for something that the chain must show first; looks again at each new head, for a bounded time. */
final class ChainWait {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Chain chain;
    private final Timeline timeline;

    ChainWait(Chain chain, Timeline timeline) {
        this.chain = chain;
        this.timeline = timeline;
    }

    /** The receipt's landing once the message was executed. */
    Landing.Landed landed(MessageWatcher watcher, Cid message, String what) {
        return until(what, () -> watcher.look(message, 0) instanceof Landing.Landed landed
                ? Optional.of(landed) : Optional.empty());
    }

    /**
     * The value once the look finds it.
     *
     * @throws StartException when that takes longer than two minutes, or the thread is interrupted
     */
    <T> T until(String what, Supplier<Optional<T>> look) {
        Signal moved = timeline.signal();
        Instant end = timeline.clock().instant().plus(LIMIT);
        try (AutoCloseable heads = chain.onHead(change -> moved.give())) {
            while (true) {
                Optional<T> found = look.get();
                if (found.isPresent()) {
                    return found.get();
                }
                if (timeline.clock().instant().isAfter(end)) {
                    throw new StartException("the chain did not show within two minutes: " + what + "; does it make blocks?");
                }
                moved.await(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("stopped while waiting for " + what, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException("waiting for " + what + " failed: " + e.getMessage(), e);
        }
    }
}
