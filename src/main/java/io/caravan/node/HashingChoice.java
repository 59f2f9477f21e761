package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.piece.PairKernels;
import io.caravan.proofs.PoseidonTrial;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how this process hashes, by trial, beside the start of its roles: until it is chosen they hash the plain way. Who seals
 * no sectors, or only small ones, spends nothing on how to seal.
 */
public final class HashingChoice {

    private static final Logger LOG = LoggerFactory.getLogger(HashingChoice.class);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private HashingChoice() {
    }

    /**
     * Begins the trials, some seconds of one core each, the first time it is called.
     *
     * @param isMiner whether a miner runs here
     */
    public static void begin(Settings settings, boolean isMiner) {
        if (isMiner && settings.text("sealing.engine").equals("java")) {
            PoseidonTrial.beginFor(settings.bytes("miner.sector-size"));
        }
        if (BEGUN.compareAndSet(false, true)) {
            Thread trial = new Thread(() -> LOG.info("hashing: {}", PairKernels.choose()), "hashing-choice");
            trial.setDaemon(true);
            trial.setPriority(Thread.MIN_PRIORITY);
            trial.start();
        }
    }
}
