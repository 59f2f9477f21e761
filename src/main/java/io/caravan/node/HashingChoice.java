package io.caravan.node;

import io.caravan.piece.PairKernels;
import io.caravan.proofs.PoseidonKernels;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how this process hashes, by trial, beside the start of its roles: until it is chosen they hash the plain way.
 * Said once.
 */
public final class HashingChoice {

    private static final Logger LOG = LoggerFactory.getLogger(HashingChoice.class);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private HashingChoice() {
    }

    /** Begins the trial, some seconds of one core, the first time it is called. */
    public static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread trial = new Thread(() -> LOG.info("hashing: {}; {}", PairKernels.choose(), PoseidonKernels.choose()),
                    "hashing-choice");
            trial.setDaemon(true);
            trial.setPriority(Thread.MIN_PRIORITY);
            trial.start();
        }
    }
}
