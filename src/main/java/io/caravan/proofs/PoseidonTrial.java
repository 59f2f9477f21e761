package io.caravan.proofs;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has {@link PoseidonKernels} chosen, once a process, where sectors are sealed whose trees take longer than the trial.
 */
public final class PoseidonTrial {

    private static final Logger LOG = LoggerFactory.getLogger(PoseidonTrial.class);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    /** Some ten thousand hashes, about what the trial makes. */
    private static final long WORTH_IT = 1L << 20;

    private PoseidonTrial() {
    }

    /** Begins the trial, some seconds of one core, the first time that trees over so many bytes are to come. */
    public static void beginFor(long sectorBytes) {
        if (sectorBytes >= WORTH_IT && BEGUN.compareAndSet(false, true)) {
            Thread trial = new Thread(() -> LOG.info("hashing: {}", PoseidonKernels.choose()), "poseidon-trial");
            trial.setDaemon(true);
            trial.setPriority(Thread.MIN_PRIORITY);
            trial.start();
        }
    }
}
