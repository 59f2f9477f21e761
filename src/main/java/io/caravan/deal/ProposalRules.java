package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.market.AskBook;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Seed step 3: is the proposal legal, and do we want it? States 14 and 15 of the provider. The first rule that a
 * proposal breaks rejects it, and its sentence is what the client reads. Nothing is reserved here, so checking again
 * does no harm.
 */
public final class ProposalRules {

    /** Tries of a chain node that answers with errors, before the client is told that we cannot answer (deal-lifecycle §6.1). */
    private static final int MOST_TRIES = 3;
    /**
     * Tries of a chain node that does not answer: it may be on its way up again, and a deal outlives that. The waits between
     * them add up to half a minute on a devnet; the client's stream is kept for five.
     */
    private static final int MOST_TRIES_WHILE_AWAY = 7;

    private final Candidates candidates;
    private final List<Rule> legal;
    private final List<Rule> wanted;

    /**
     * @param ours our miner actor, ID form
     * @param stagingBytes how many bytes the staging folder holds now
     */
    public ProposalRules(Chain chain, AskBook asks, FilAddress ours, AcceptConfig config, LongSupplier stagingBytes) {
        this.candidates = new Candidates(chain, asks, ours);
        this.legal = new ProposalTable(chain, config).rules();
        this.wanted = new DecisionTable(chain, config, stagingBytes).rules();
    }

    /** The checks of a proposal itself: its bytes, its signature, our ask, the client's funds (deal-lifecycle §7.1). */
    public Deal check(Deal deal) {
        return pass(deal, legal);
    }

    /** What the operator wants: kinds of deals, blocked pieces, time to seal, room (deal-lifecycle §7.3). */
    public Deal decide(Deal deal) {
        return pass(deal, wanted);
    }

    private Deal pass(Deal deal, List<Rule> rules) {
        try {
            Candidate candidate = candidates.of(deal);
            for (Rule rule : rules) {
                Optional<String> refusal = rule.refuse(candidate);
                if (refusal.isPresent()) {
                    throw new RejectedException(refusal.get(), refusal.get());
                }
            }
            return deal.withWaiting(Waiting.NOTHING);
        } catch (RetryableException | ChainRefusedException e) {
            int most = e instanceof RetryableException ? MOST_TRIES_WHILE_AWAY : MOST_TRIES;
            if (deal.turn().attempt() + 1 >= most) {
                throw new RejectedException("server error", String.valueOf(e.getMessage()));
            }
            throw e instanceof RetryableException later ? later
                    : new RetryableException(String.valueOf(e.getMessage()), e);
        }
    }
}
