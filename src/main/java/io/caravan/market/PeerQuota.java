package io.caravan.market;

import io.caravan.libp2p.PeerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** So many jobs for one peer at a time; those beyond are dropped, so that one peer cannot use up what all share. */
final class PeerQuota {

    private final Map<PeerId, Integer> running = new ConcurrentHashMap<>();
    private final int most;

    PeerQuota(int most) {
        this.most = most;
    }

    /**
     * Hands the job to the workers, unless the peer has its share or they take no more.
     *
     * @param workers run the job later, or say false
     */
    void run(PeerId peer, Predicate<Runnable> workers, Runnable job) {
        boolean[] mine = new boolean[1];
        running.compute(peer, (key, count) -> {
            int now = count == null ? 0 : count;
            mine[0] = now < most;
            return mine[0] ? Integer.valueOf(now + 1) : count;
        });
        if (mine[0] && !workers.test(() -> runAndLeave(peer, job))) {
            leave(peer);
        }
    }

    private void runAndLeave(PeerId peer, Runnable job) {
        try {
            job.run();
        } finally {
            leave(peer);
        }
    }

    private void leave(PeerId peer) {
        running.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
    }
}
