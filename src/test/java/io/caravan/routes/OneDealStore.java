package io.caravan.routes;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.Role;
import io.caravan.model.Turn;
import io.caravan.store.DealQuery;
import io.caravan.store.DealStore;
import io.caravan.store.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds one deal in memory, gives it to its route once, and keeps what became of it. */
final class OneDealStore implements DealStore {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    /** How one run of a route ended: the events it fired, or {@code later} (nothing was true yet) or {@code retry}. */
    record Ending(String what, Deal deal) {}

    private @Nullable Deal waiting;
    private CompletableFuture<Ending> ending = new CompletableFuture<>();
    private Consumer<DealMove> listener = move -> {};

    /** Offers a deal to the route of its state, which is woken at once. */
    CompletableFuture<Ending> offer(Deal deal) {
        CompletableFuture<Ending> promised = new CompletableFuture<>();
        synchronized (this) {
            waiting = deal.withTurn(new Turn(AT, 0, 0, deal.turn().deadline(), deal.turn().lastEpoch(), "lease", false));
            ending = promised;
        }
        DealState state = deal.state();
        listener.accept(new DealMove(deal.proposalCid(), deal.role(), 1, DealEvent.OPEN, state, state, null, AT));
        return promised;
    }

    @Override
    public synchronized List<Deal> claim(Role role, DealState state, int limit, Duration lease) {
        Deal turn = waiting;
        if (turn == null || turn.role() != role || turn.state() != state) {
            return List.of();
        }
        waiting = null;
        return List.of(turn);
    }

    @Override
    public Deal advance(Deal deal, DealEvent... events) {
        return advanceBecause(deal, null, events);
    }

    @Override
    public synchronized Deal advanceBecause(Deal deal, @Nullable String note, DealEvent... events) {
        List<Step<DealState, DealEvent>> path = DealFlow.of(deal.role()).walk(deal.state(), List.of(events));
        boolean moved = path.stream().anyMatch(step -> step.effect() == Effect.ENTER);
        Deal stored = new Deal(deal.proposalCid(), deal.role(), path.get(path.size() - 1).to(), deal.version() + 1,
                deal.seq() + events.length, deal.proposal(), deal.dataRef(), deal.fastRetrieval(), deal.peer(),
                deal.transfer(), deal.files(), deal.funds(), deal.chain(), deal.remote(), deal.message(),
                moved ? Turn.at(AT) : deal.turn(), deal.waiting(), AT, AT, AT);
        String fired = List.of(events).stream().map(DealEvent::wireName).collect(Collectors.joining(","));
        ending.complete(new Ending(fired, stored));
        return stored;
    }

    @Override
    public synchronized Instant postpone(Deal deal, Duration delay) {
        ending.complete(new Ending("later", deal));
        return AT.plus(Duration.ofDays(36_500));
    }

    @Override
    public synchronized Instant retry(Deal deal, Throwable failure) {
        ending.complete(new Ending("retry", deal.withMessage(failure.getMessage())));
        return AT.plus(Duration.ofDays(36_500));
    }

    @Override
    public boolean renew(Deal deal, Duration lease) {
        return true;
    }

    @Override
    public Subscription onMove(Consumer<DealMove> told) {
        listener = told;
        return () -> listener = move -> {};
    }

    @Override
    public Set<DealState> due(Role role) {
        return Set.of();
    }

    @Override
    public void release(Deal deal) {
        // nobody else wants it
    }

    @Override
    public Insertion insert(Deal fresh, DealEvent... events) {
        throw notForRoutes();
    }

    @Override
    public Optional<Deal> find(Cid proposalCid, Role role) {
        throw notForRoutes();
    }

    @Override
    public Map<Cid, Deal> findAll(Collection<Cid> proposalCids, Role role) {
        throw notForRoutes();
    }

    @Override
    public Optional<Deal> findByDealId(long dealId, Role role) {
        throw notForRoutes();
    }

    @Override
    public List<Deal> list(Role role, DealQuery filter, @Nullable Deal after, int limit) {
        throw notForRoutes();
    }

    @Override
    public Map<DealState, Long> count(Role role) {
        throw notForRoutes();
    }

    @Override
    public Deal record(Deal deal) {
        throw notForRoutes();
    }

    @Override
    public Optional<Deal> signal(Cid proposalCid, Role role, UnaryOperator<Deal> change, DealEvent... events) {
        throw notForRoutes();
    }

    @Override
    public Optional<Deal> signalBecause(Cid proposalCid, Role role, String note, UnaryOperator<Deal> change, DealEvent... events) {
        throw notForRoutes();
    }

    @Override
    public void park(Deal deal, Throwable failure) {
        throw notForRoutes();
    }

    @Override
    public boolean resume(Cid proposalCid, Role role) {
        throw notForRoutes();
    }

    @Override
    public int reclaim() {
        throw notForRoutes();
    }

    @Override
    public boolean wakeIn(Set<DealState> states, Cid proposalCid, Role role) {
        throw notForRoutes();
    }

    @Override
    public int restart(Role role) {
        throw notForRoutes();
    }

    @Override
    public List<DealMove> events(Cid proposalCid, Role role) {
        throw notForRoutes();
    }

    @Override
    public Optional<Deal> await(Cid proposalCid, Role role, Predicate<Deal> until, Duration timeout) {
        throw notForRoutes();
    }

    @Override
    public List<Deal> parked(Role role) {
        throw notForRoutes();
    }

    @Override
    public List<Deal> overdue(Role role, Instant now) {
        throw notForRoutes();
    }

    private static UnsupportedOperationException notForRoutes() {
        return new UnsupportedOperationException("no route asks the store for this");
    }
}
