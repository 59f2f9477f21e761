package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Flow;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.Role;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.time.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link DealStore} on rows of {@code deal}, {@code deal_event} and {@code outbox}. */
public final class PostgresDealStore implements DealStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDealStore.class);

    private static final Integer[] ENDS = Arrays.stream(DealState.values())
            .filter(DealState::isFinal).map(DealState::code).toArray(Integer[]::new);
    private static final Integer[] LIVE = Arrays.stream(DealState.values())
            .filter(state -> !state.isFinal()).map(DealState::code).toArray(Integer[]::new);
    private static final int RESTARTS_AT_ONCE = 200;

    private final Sql sql;
    private final Timeline timeline;
    private final Clock clock;
    private final Leases leases;
    private final DealMoves moves;
    private final Turns turns;
    private final Listeners<DealMove> listeners = new Listeners<>();
    private final AtomicLong dropped = new AtomicLong();
    private final List<DealRider> riders = new CopyOnWriteArrayList<>();

    /** @param node this node's name, the same after a restart and no other node's: it marks the leases */
    public PostgresDealStore(Sql sql, Clock clock, String node, Deadlines deadlines, Backoff backoff) {
        this(sql, Timeline.of(clock), node, () -> deadlines, backoff);
    }

    /** As above on another timeline than the machine's; the deadlines are asked at each move. */
    public PostgresDealStore(Sql sql, Timeline timeline, String node, Supplier<Deadlines> deadlines, Backoff backoff) {
        this.sql = sql;
        this.timeline = timeline;
        this.clock = timeline.clock();
        this.leases = new Leases(node);
        this.moves = new DealMoves(deadlines);
        this.turns = new Turns(backoff);
    }

    /** Lets something change together with every move from now on; a role does so before it restarts its deals. */
    public void accompany(DealRider rider) {
        riders.add(rider);
    }

    @Override
    public Insertion insert(Deal fresh, DealEvent... events) {
        Instant now = clock.instant();
        DealMoves.Moved moved = events.length == 0
                ? new DealMoves.Moved(moves.timed(fresh, now), List.of())
                : moves.fired(fresh, null, List.of(events), now);
        boolean isNew = sql.inTransaction(() -> {
            boolean inserted = sql.write("deal/insert", DealRows.inserted(moved.deal())) == 1;
            if (inserted) {
                append(fresh, moved.deal(), moved.moves());
                DealSearch.noteLabel(sql, moved.deal());
            }
            return inserted;
        });
        if (!isNew) {
            return new Insertion(find(fresh.proposalCid(), fresh.role()).orElseThrow(), false);
        }
        listeners.tell(moved.moves());
        return new Insertion(moved.deal(), true);
    }

    @Override
    public Optional<Deal> find(Cid proposalCid, Role role) {
        return sql.one("deal/find", DealRows.key(proposalCid, role), DealRows::deal);
    }

    @Override
    public Map<Cid, Deal> findAll(Collection<Cid> proposalCids, Role role) {
        String[] keys = proposalCids.stream().map(Cid::toString).toArray(String[]::new);
        return sql.list("deal/find-all", Map.of("proposal_cids", keys, "role", role.text()), DealRows::deal).stream()
                .collect(Collectors.toMap(Deal::proposalCid, Function.identity()));
    }

    @Override
    public Optional<Deal> findByDealId(long dealId, Role role) {
        return sql.list("deal/find-number", Map.of("role", role.text(), "deal_id", dealId), DealRows::deal).stream()
                .findFirst();
    }

    @Override
    public List<Deal> list(Role role, DealQuery filter, @Nullable Deal after, int limit) {
        var page = filter.parameters();
        page.put("role", role.text());
        page.put("from", after != null ? after.createdAt() : filter.before() != null ? filter.before() : Turns.NEVER);
        page.put("after_cid", after == null ? "" : after.proposalCid().toString());
        page.put("limit", limit);
        return sql.list(filter.statement(), page, DealRows::deal);
    }

    @Override
    public Map<DealState, Long> count(Role role) {
        var counts = new EnumMap<DealState, Long>(DealState.class);
        sql.list("deal/count", Map.of("role", role.text()), (row, number) ->
                counts.put(DealState.ofCode(row.getInt("state")), row.getLong("many")));
        return counts;
    }

    @Override
    public List<Deal> claim(Role role, DealState state, int limit, Duration lease) {
        Instant now = clock.instant();
        return sql.list("deal/claim", Map.of("role", role.text(), "state", state.code(), "limit", limit,
                "owner", leases.owner(), "token", leases.next(), "now", now, "until", now.plus(lease)),
                DealRows::deal);
    }

    @Override
    public Set<DealState> due(Role role) {
        var due = EnumSet.noneOf(DealState.class);
        sql.list("deal/due", Map.of("role", role.text(), "now", clock.instant()), (row, number) ->
                due.add(DealState.ofCode(row.getInt("state"))));
        return due;
    }

    @Override
    public boolean renew(Deal deal, Duration lease) {
        var renewed = DealRows.key(deal.proposalCid(), deal.role());
        renewed.put("token", deal.turn().lease());
        renewed.put("until", clock.instant().plus(lease));
        return sql.write("deal/renew", renewed) == 1;
    }

    @Override
    public Deal advance(Deal deal, DealEvent... events) {
        return advanceBecause(deal, null, events);
    }

    @Override
    public Deal advanceBecause(Deal deal, @Nullable String note, DealEvent... events) {
        Instant now = clock.instant();
        DealMoves.Moved moved = moves.fired(deal, note, List.of(events), now);
        write(deal, moved.deal(), moved.moves(), now);
        listeners.tell(moved.moves());
        return moved.deal();
    }

    @Override
    public Deal record(Deal deal) {
        Instant now = clock.instant();
        Deal written = moves.written(deal, deal.turn(), deal.waiting(), now);
        write(deal, written, List.of(), now);
        return written;
    }

    @Override
    public Optional<Deal> signal(Cid proposalCid, Role role, UnaryOperator<Deal> change, DealEvent... events) {
        return signalBecause(proposalCid, role, null, change, events);
    }

    @Override
    public Optional<Deal> signalBecause(Cid proposalCid, Role role, @Nullable String note, UnaryOperator<Deal> change,
            DealEvent... events) {
        Instant now = clock.instant();
        Optional<DealMoves.Moved> moved = sql.inTransaction(() ->
                sql.one("deal/lock", DealRows.key(proposalCid, role), DealRows::deal)
                        .flatMap(deal -> signalled(change.apply(deal), deal, note, List.of(events), now)));
        moved.ifPresent(done -> listeners.tell(done.moves()));
        return moved.map(DealMoves.Moved::deal);
    }

    private Optional<DealMoves.Moved> signalled(Deal changed, Deal deal, @Nullable String note, List<DealEvent> events,
            Instant now) {
        try {
            DealMoves.Moved moved = moves.signalledBecause(changed, note, events, now);
            writeLocked(deal, moved.deal(), moved.moves(), now);
            return Optional.of(moved);
        } catch (IllegalMoveException e) {
            dropped.incrementAndGet();
            LOG.warn("deal {}: dropped {}: {}", deal.proposalCid(), events, e.getMessage());
            return Optional.empty();
        }
    }

    /** How many events from outside were dropped because the deal's state did not react to them. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public Instant postpone(Deal deal, Duration delay) {
        Instant now = clock.instant();
        return giveBack(deal, Turns.postponed(deal.turn(), delay, now), deal.waiting().well(), now);
    }

    @Override
    public Instant retry(Deal deal, Throwable failure) {
        Instant now = clock.instant();
        Turn turn = turns.failed(deal.turn(), failure, now);
        if (turn.parked()) {
            LOG.error("deal {} is parked in {} after {} tries: {}; look at the log, then ./caravan deals retry",
                    deal.proposalCid(), deal.state(), turn.attempt(), Turns.sentence(failure));
        }
        Waiting waiting = turn.parked() ? parked(deal, now) : deal.waiting();
        return giveBack(deal, turn, Turns.failed(waiting, failure, now), now);
    }

    @Override
    public void park(Deal deal, Throwable failure) {
        Instant now = clock.instant();
        giveBack(deal, Turns.parked(deal.turn(), now), Turns.failed(parked(deal, now), failure, now), now);
    }

    private static Waiting parked(Deal deal, Instant now) {
        return deal.waiting().on(WaitsOn.OPERATOR, "an operator: mend what the last error tells of, then ./caravan deals retry "
                + deal.proposalCid() + (deal.role() == Role.PROVIDER ? " --miner" : ""), now, null);
    }

    private Instant giveBack(Deal deal, Turn turn, Waiting waiting, Instant now) {
        try {
            write(deal, moves.written(deal, turn, waiting, now), List.of(), now);
        } catch (LeaseLostException e) {
            LOG.debug("{}", e.getMessage());
        }
        return turn.runAfter();
    }

    @Override
    public void release(Deal deal) {
        if (deal.turn().lease() != null) {
            var key = DealRows.key(deal.proposalCid(), deal.role());
            key.put("token", deal.turn().lease());
            sql.write("deal/release", key);
        }
    }

    @Override
    public boolean resume(Cid proposalCid, Role role) {
        Instant now = clock.instant();
        Optional<Deal> resumed = sql.inTransaction(() ->
                sql.one("deal/lock", DealRows.key(proposalCid, role), DealRows::deal)
                        .filter(deal -> !deal.isFinal())
                        .map(deal -> {
                            Turn turn = Turns.resumed(deal.turn(), moves.limit(deal), now);
                            Deal running = moves.written(deal, turn, deal.waiting().forgotten(), now);
                            writeLocked(deal, running, List.of(), now);
                            return running;
                        }));
        return resumed.isPresent();
    }

    @Override
    public int reclaim() {
        return sql.write("deal/reclaim", Map.of("owner", leases.owner(), "live", LIVE));
    }

    @Override
    public int restart(Role role) {
        Flow<DealState, DealEvent> flow = DealFlow.of(role);
        Integer[] moved = flow.states().stream()
                .filter(state -> flow.step(state, DealEvent.RESTART).filter(step -> step.to() != state).isPresent())
                .map(DealState::code).toArray(Integer[]::new);
        List<Cid> interrupted = sql.list("deal/in-states", Map.of("role", role.text(), "states", moved, "now", clock.instant()),
                (row, number) -> Rows.cid(row, "proposal_cid"));
        int restarted = 0;
        for (int from = 0; from < interrupted.size(); from += RESTARTS_AT_ONCE) {
            restarted += restart(interrupted.subList(from, Math.min(from + RESTARTS_AT_ONCE, interrupted.size())), role);
        }
        return restarted + sql.write("deal/hasten", Map.of("role", role.text(), "live", LIVE,
                "watched", new Integer[] {DealState.ACTIVE.code()}, "now", clock.instant()));
    }

    private int restart(List<Cid> interrupted, Role role) {
        Instant now = clock.instant();
        List<DealMoves.Moved> moved = sql.inTransaction(() -> interrupted.stream()
                .flatMap(proposalCid -> sql.one("deal/lock", DealRows.key(proposalCid, role), DealRows::deal).stream())
                .flatMap(deal -> signalled(deal, deal, null, List.of(DealEvent.RESTART), now).stream()).toList());
        moved.forEach(done -> listeners.tell(done.moves()));
        return moved.size();
    }

    @Override
    public boolean wakeIn(Set<DealState> states, Cid proposalCid, Role role) {
        var key = DealRows.key(proposalCid, role);
        key.put("states", states.stream().map(DealState::code).toArray(Integer[]::new));
        key.put("now", clock.instant());
        return sql.write("deal/wake", key) == 1;
    }

    @Override
    public List<DealMove> events(Cid proposalCid, Role role) {
        return sql.list("deal_event/list", DealRows.key(proposalCid, role), DealRows::move);
    }

    @Override
    public Subscription onMove(Consumer<DealMove> listener) {
        return listeners.add(listener);
    }

    @Override
    public Optional<Deal> await(Cid proposalCid, Role role, Predicate<Deal> until, Duration timeout) {
        return Awaiting.until(timeline, () -> find(proposalCid, role), until, timeout,
                wake -> onMove(move -> {
                    if (move.role() == role && move.proposalCid().equals(proposalCid)) {
                        wake.run();
                    }
                }));
    }

    @Override
    public List<Deal> parked(Role role) {
        return sql.list("deal/parked", Map.of("role", role.text()), DealRows::deal);
    }

    @Override
    public List<Deal> overdue(Role role, Instant now) {
        return sql.list("deal/overdue", Map.of("role", role.text(), "now", now, "ends", ENDS), DealRows::deal);
    }

    /** What an operator's word makes of a deal; {@link DealOperations} holds the row's lock while it asks. */
    DealMoves moves() {
        return moves;
    }

    /** Tells the listeners of moves that another class of this package has committed. */
    void tell(List<DealMove> made) {
        listeners.tell(made);
    }

    private void write(Deal was, Deal is, List<DealMove> lines, Instant now) {
        if (lines.isEmpty()) {
            compareAndSet(was, is, now); // one statement is a transaction by itself
            return;
        }
        sql.inTransaction(() -> {
            compareAndSet(was, is, now);
            return append(was, is, lines);
        });
    }

    private void compareAndSet(Deal was, Deal is, Instant now) {
        if (sql.write("deal/write", comparison(was, is, false, now)) == 0) {
            throw new LeaseLostException("deal " + was.proposalCid() + " is no longer as it was read in "
                    + was.state() + ", version " + was.version());
        }
    }

    /** Writes a row that the caller has locked, whoever leases it. */
    void writeLocked(Deal was, Deal is, List<DealMove> lines, Instant now) {
        sql.write("deal/write", comparison(was, is, true, now));
        append(was, is, lines);
    }

    private static Map<String, @Nullable Object> comparison(Deal was, Deal is, boolean anyLease, Instant now) {
        Map<String, @Nullable Object> columns = DealRows.written(is);
        columns.put("was_state", was.state().code());
        columns.put("was_version", was.version());
        columns.put("was_lease", was.turn().lease());
        columns.put("any_lease", anyLease);
        columns.put("lease", is.turn().lease());
        columns.put("now", now);
        return columns;
    }

    /** The moves' history, and all that rides with them. */
    private int append(Deal was, Deal is, List<DealMove> lines) {
        lines.forEach(line -> sql.write("deal_event/append", DealRows.appended(line)));
        if (!lines.isEmpty()) {
            riders.forEach(rider -> rider.moved(was, is));
        }
        return lines.size();
    }
}
