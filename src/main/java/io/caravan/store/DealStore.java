package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The deals of one role's database. Every method is one transaction and waits for no other worker; a broken connection
 * comes out as {@link RetryableException}. Nothing about a deal is kept in memory.
 *
 * <p>Two kinds of caller write. A <em>phase</em> holds a lease: it got its deal from {@link #claim} and ends by
 * {@link #advance}, {@link #postpone}, {@link #retry} or {@link #park}, all of which compare version and lease.
 * Everybody else (a stream, a transfer, an RPC) uses {@link #signal}, which reads, changes and writes under the row's
 * lock, and takes the deal away from a phase that holds it.
 */
public interface DealStore {

    /** What {@link #insert} found or made. */
    record Insertion(Deal deal, boolean isNew) {}

    /**
     * Stores a deal nobody has yet and fires the events from its state in the same transaction. Idempotent: a deal
     * with the same proposal CID and role stays as it is and comes back with {@code isNew} false.
     */
    Insertion insert(Deal fresh, DealEvent... events);

    Optional<Deal> find(Cid proposalCid, Role role);

    /** Those of the deals that are there, by their proposal CIDs; one question, however many. */
    Map<Cid, Deal> findAll(Collection<Cid> proposalCids, Role role);

    /** The deal with the market actor's number. */
    Optional<Deal> findByDealId(long dealId, Role role);

    /**
     * A page of deals, newest first.
     *
     * @param after the last deal of the page before; null for the first page
     */
    List<Deal> list(Role role, DealQuery filter, @Nullable Deal after, int limit);

    /** {@link #list(Role, DealQuery, Deal, int)} by state alone; no states means all. */
    default List<Deal> list(Role role, Set<DealState> states, @Nullable Deal after, int limit) {
        return list(role, DealQuery.ofStates(states), after, limit);
    }

    /** How many deals are in each state that has any. */
    Map<DealState, Long> count(Role role);

    /** Leases the deals whose turn has come in one state, oldest first; those that others hold are passed over. */
    List<Deal> claim(Role role, DealState state, int limit, Duration lease);

    /** The states in which some deal's turn has come now; cheap enough to ask every second. */
    Set<DealState> due(Role role);

    /** Keeps the lease for that long from now; false when it is lost, and the work should stop. */
    boolean renew(Deal deal, Duration lease);

    /**
     * Fires the events in order: compare-and-set on (state, version, lease), all facts of the deal, one event row and
     * one outbox row each, in one transaction. After a step that enters a state the lease is gone and the next route
     * may run; after one that only records or reruns the lease is kept.
     *
     * @return the deal as stored, to go on with
     * @throws LeaseLostException if someone else wrote since; nothing is written
     * @throws IllegalMoveException if the flow does not know one of the events there; nothing is written
     */
    Deal advance(Deal deal, DealEvent... events);

    /** {@link #advance}, with words for the history; without any, a failing deal's lines carry its message. */
    Deal advanceBecause(Deal deal, @Nullable String note, DealEvent... events);

    /**
     * Stores the deal's facts without an event, under the same comparison.
     *
     * @throws LeaseLostException if someone else wrote since; nothing is written
     */
    Deal record(Deal deal);

    /**
     * Changes a deal from outside its route: reads it under a row lock, applies the change to its facts, fires the
     * events. An event that its state does not react to is logged, counted and dropped, with the change (spec
     * deal-lifecycle 2, E4).
     *
     * @return the deal as stored; empty when there is no such deal or the event was dropped
     */
    Optional<Deal> signal(Cid proposalCid, Role role, UnaryOperator<Deal> change, DealEvent... events);

    /** {@link #signal}, with words for the history. */
    Optional<Deal> signalBecause(Cid proposalCid, Role role, @Nullable String note, UnaryOperator<Deal> change,
            DealEvent... events);

    /**
     * Gives the deal back to be looked at later, with its facts. The moment is the deal's own {@code runAfter} if the
     * phase set one in the future, else the delay from now. Does nothing when the lease is lost.
     *
     * @return when it is looked at next
     */
    Instant postpone(Deal deal, Duration delay);

    /**
     * Gives the deal back after a failure. {@link RetryableException}: backoff 5 s · 2^n to 10 min ± 20 %, no sooner
     * than it asks. Anything else is a bug: the third in a row parks. Does nothing when the lease is lost.
     *
     * @return when it is tried next, if it is not parked
     */
    Instant retry(Deal deal, Throwable failure);

    /** Takes the deal out of all routes' sight until {@link #resume}; its state stays. */
    void park(Deal deal, Throwable failure);

    /** Gives a deal back untouched and at once, as when the node stops before it began. */
    void release(Deal deal);

    /** An operator's word: unparks the deal, forgets its failed tries and runs its state at once. */
    boolean resume(Cid proposalCid, Role role);

    /** Gives back every lease that an earlier life of this node holds; called once before routes start. */
    int reclaim();

    /**
     * What a starting node owes its live deals, called once after {@link #reclaim}, before routes start: those that a stop
     * interrupted (a transfer, an open stream) are fired Restart, those that wait after a failure are looked at at once. All
     * others lost nothing: their turns are rows; what another node leases is left to it. How many there were.
     */
    int restart(Role role);

    /** Gives a live deal its turn now, unless somebody holds it or it has one already; whether it did. */
    default boolean wake(Cid proposalCid, Role role) {
        return wakeIn(EnumSet.allOf(DealState.class), proposalCid, role);
    }

    /** The same for a deal that is in one of these states; any other one is left as it is. */
    boolean wakeIn(Set<DealState> states, Cid proposalCid, Role role);

    /** The deal's history from its first event. */
    List<DealMove> events(Cid proposalCid, Role role);

    /**
     * Tells of each event that this node writes, after its commit, in the writer's thread: do little. Moves that other
     * nodes write are not told.
     */
    Subscription onMove(Consumer<DealMove> listener);

    /**
     * Waits until the deal is as asked, at most that long; sees this node's moves at once and other nodes' within a
     * quarter of a second.
     *
     * @return the deal that passed; empty when the time ran out or there is no such deal
     */
    Optional<Deal> await(Cid proposalCid, Role role, Predicate<Deal> until, Duration timeout);

    /** Deals that an operator must look at. */
    List<Deal> parked(Role role);

    /** Deals past their deadline at that moment that are still live: with routes running there are none for long. */
    List<Deal> overdue(Role role, Instant now);
}
