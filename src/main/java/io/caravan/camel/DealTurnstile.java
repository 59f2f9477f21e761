package io.caravan.camel;

import io.caravan.model.ChainTime;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Duty;
import io.caravan.model.Epoch;
import io.caravan.model.Retry;
import io.caravan.model.LogScope;
import io.caravan.model.Role;
import io.caravan.model.Turn;
import io.caravan.store.DealStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The deals of one side in one state. */
record DealTurnstile(DealStore store, Role role, DealState dealState, ChainTime chain, Duration lease, Duration delay)
        implements Turnstile<Deal> {

    private static final String UNDECIDED = "V1 undecided: server error";

    @Override
    public String kind() {
        return "deal";
    }

    @Override
    public String state() {
        return dealState.wireName();
    }

    @Override
    public Class<Deal> type() {
        return Deal.class;
    }

    @Override
    public String key(Deal deal) {
        return deal.proposalCid().toString();
    }

    @Override
    public Turn turn(Deal deal) {
        return deal.turn();
    }

    @Override
    public String stateOf(Deal deal) {
        return deal.state().wireName();
    }

    @Override
    public LogScope scope(Deal deal) {
        return LogScope.of(deal.proposalCid(), role, dealState);
    }

    @Override
    public @Nullable String waitsFor(Deal deal) {
        return deal.waiting().what();
    }

    @Override
    public List<Deal> claim(int limit) {
        return store.claim(role, dealState, limit, lease);
    }

    @Override
    public boolean renew(Deal deal) {
        return store.renew(deal, lease);
    }

    @Override
    public Instant postpone(Deal deal) {
        return store.postpone(deal, delay);
    }

    @Override
    public Instant retry(Deal deal, Throwable failure) {
        return store.retry(deal, failure);
    }

    @Override
    public void release(Deal deal) {
        store.release(deal);
    }

    @Override
    public Optional<String> late(Deal deal, Instant now, @Nullable Throwable failure) {
        Duty duty = DealDuties.of(role, dealState).orElseThrow();
        if (failure != null && duty.retry() == Retry.LOOK) {
            return Optional.empty();
        }
        String usual = duty.what();
        Optional<Epoch> past = chain.head().filter(deal.turn()::isPast);
        if (past.isPresent()) {
            long start = deal.proposal().proposal().startEpoch().value();
            return Optional.of(Lateness.byEpoch(deal.turn(), past.get(), start, deal.waiting(), usual, failure));
        }
        return deal.turn().isOverdue(now)
                ? Optional.of(Lateness.byTime(deal.enteredAt(), now, deal.waiting(), usual, failure)) : Optional.empty();
    }

    @Override
    public void giveUp(Deal deal, String reason) {
        DealEvent event = DealFlow.of(role).failure(deal.state()).orElseThrow();
        // the client of a rejected proposal reads the message: no error of our own belongs there
        boolean isAnswer = role == Role.PROVIDER && event == DealEvent.DEAL_REJECTED;
        store.advanceBecause(deal.withMessage(isAnswer ? UNDECIDED : reason), reason, event);
    }
}
