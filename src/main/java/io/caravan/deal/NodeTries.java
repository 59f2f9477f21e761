package io.caravan.deal;

import io.caravan.chain.ChainRefusedException;
import io.caravan.model.Deal;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * How often a proposal is judged again while the chain node does not help (deal-lifecycle §6.1): then it is rejected, and
 * the client is told no more than that; what happened stands in our history and log.
 */
final class NodeTries {

    static final String SERVER_ERROR = "V1 node-unreachable: server error";

    /** Tries of a chain node that answers with errors. */
    private static final int MOST_TRIES = 3;
    /**
     * Tries of a chain node that does not answer: it may be on its way up again, and a deal outlives that. The waits between
     * them add up to half a minute on a devnet; the client's stream is kept for five.
     */
    private static final int MOST_TRIES_WHILE_AWAY = 7;

    private final Clock clock;

    NodeTries(Clock clock) {
        this.clock = clock;
    }

    /**
     * @throws RetryableException while it is worth another try
     * @throws RejectedException when it is not any more, or the judgement itself rejects
     */
    Deal judge(Deal deal, Supplier<Deal> judgement) {
        try {
            return judgement.get();
        } catch (RetryableException | ChainRefusedException e) {
            int most = e instanceof RetryableException ? MOST_TRIES_WHILE_AWAY : MOST_TRIES;
            if (deal.turn().attempt() + 1 >= most || deal.turn().isOverdue(clock.instant())) {
                throw new RejectedException(SERVER_ERROR, String.valueOf(e.getMessage()));
            }
            throw e instanceof RetryableException later ? later
                    : new RetryableException(String.valueOf(e.getMessage()), e);
        }
    }
}
