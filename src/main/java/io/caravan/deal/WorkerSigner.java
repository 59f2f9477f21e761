package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Bytes;
import io.caravan.crypto.Signer;
import io.caravan.market.AnswerSigner;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Signs answers with the key of our miner's present worker; who that is, is asked again every minute. While the chain
 * is away the last one that was known signs: a client is better told that we cannot judge than nothing.
 */
public final class WorkerSigner implements AnswerSigner {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private record Worker(FilAddress key, Instant until) {
    }

    private final Chain chain;
    private final Signer signer;
    private final FilAddress miner;
    private final Clock clock;
    private volatile @Nullable Worker worker;

    public WorkerSigner(Chain chain, Signer signer, FilAddress miner, Clock clock) {
        this.chain = chain;
        this.signer = signer;
        this.miner = miner;
        this.clock = clock;
    }

    @Override
    public Signature sign(Bytes message) {
        return signer.sign(key(), message.toArray());
    }

    private FilAddress key() {
        Instant now = clock.instant();
        Worker known = worker;
        if (known == null || !now.isBefore(known.until())) {
            known = asked(known, now);
            worker = known;
        }
        return known.key();
    }

    private Worker asked(@Nullable Worker before, Instant now) {
        try {
            return new Worker(chain.accountKey(chain.minerInfo(miner).worker()), now.plus(REMEMBERED));
        } catch (RetryableException e) {
            if (before == null) {
                throw e;
            }
            return before;
        }
    }
}
