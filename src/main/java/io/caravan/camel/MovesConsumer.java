package io.caravan.camel;

import io.caravan.model.Epoch;
import io.caravan.store.FeedLine;
import io.caravan.store.MoveFeeds;
import io.caravan.store.Subscription;
import io.caravan.time.Alarms.Alarm;
import io.caravan.time.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the moves to one receiver, one message at a time on a thread of its own. What a route took without an exception is
 * taken; what it did not take is handed out again, later and later, before anything that comes after it. The place is
 * noted once a second and when nothing waits any more: a kill hands out again what was taken since.
 */
final class MovesConsumer extends DefaultConsumer implements HealthCheckAware {

    /** Most lines read at a time. */
    static final int READ = 100;

    private static final Logger LOG = LoggerFactory.getLogger(MovesConsumer.class);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NOTE_EVERY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;

    private final MovesEndpoint endpoint;
    private final MoveSource source;
    private final Feeds feeds;
    private final String name;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final MovesHealth health;
    private volatile boolean resting;
    private volatile long restsUntil;
    private volatile @Nullable HealthCheck check;
    private @Nullable Workers workers;
    private @Nullable Subscription moves;
    private List<Alarm> alarms = List.of();
    // The rest is touched by the receiver's own thread only, but the hold, which is prolonged beside it.
    private volatile MoveFeeds.@Nullable Hold hold;
    private @Nullable Long place;
    private int untold;
    private long toldAt;
    private int failures;

    MovesConsumer(MovesEndpoint endpoint, Processor route, Feeds feeds, MoveSource source) {
        super(endpoint, route);
        this.endpoint = endpoint;
        this.source = source;
        this.feeds = feeds;
        this.name = Objects.requireNonNull(endpoint.getName());
        this.health = new MovesHealth(feeds.rows(), name, source.topic());
        this.check = health;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        feeds.enter(name, source.topic(), this);
        workers = source.timeline().workers("moves-" + name, 1, Integer.MAX_VALUE);
        TurnScheduler scheduler = source.scheduler().get();
        alarms = List.of(scheduler.every(TurnScheduler.LOOK, this::wake),
                scheduler.every(endpoint.getLease().dividedBy(3), this::prolong));
        moves = source.onMove().apply(this::wake);
        resting = false;
        wake();
    }

    @Override
    protected void doStop() throws Exception {
        feeds.leave(name, source.topic(), this);
        alarms.forEach(Alarm::cancel);
        if (moves != null) {
            moves.close();
        }
        if (workers != null) {
            workers.execute(this::leave);
            workers.finish();
        }
        super.doStop();
    }

    @Override
    public @Nullable HealthCheck getHealthCheck() {
        return check;
    }

    @Override
    public void setHealthCheck(HealthCheck healthCheck) {
        check = healthCheck;
    }

    /** Looks for moves soon; any number of calls before the look are one, and none is heard while a failure is waited out. */
    void wake() {
        if (!isResting() && woken.compareAndSet(false, true)) {
            try {
                Objects.requireNonNull(workers).execute(this::round);
            } catch (RejectedExecutionException e) {
                LOG.debug("{} stops", name);
            }
        }
    }

    private void round() {
        woken.set(false);
        try {
            while (!isResting() && isRunAllowed() && !isSuspendingOrSuspended() && hand()) {
                LOG.trace("{}: more", name);
            }
        } catch (RuntimeException e) {
            LOG.warn("no moves for {} this time: {}", name, e.getMessage());
        }
    }

    /** Hands out what was read at once; whether there may be more. */
    private boolean hand() {
        MoveFeeds.Hold mine = held();
        if (mine == null) {
            return false; // another node hands out; each look asks whether it still does
        }
        if (place == null) {
            place = feeds.rows().begin(mine, endpoint.isFromTheFirst()).orElse(null);
            if (place == null) {
                again(SOON);
                return false;
            }
        }
        MoveFeeds.Batch next = feeds.rows().next(mine, place, READ);
        List<FeedLine> lines = next.lines();
        for (int from = 0; from < lines.size(); from += endpoint.getBatch()) {
            List<FeedLine> message = lines.subList(from, Math.min(lines.size(), from + endpoint.getBatch()));
            if (!isRunAllowed() || !isTaken(mine, message)) {
                return false;
            }
        }
        place = next.last();
        if (!next.isBehind() || source.timeline().nanos() - toldAt > NOTE_EVERY.toNanos()) {
            note(mine);
        }
        if (lines.isEmpty() && next.isBehind()) {
            again(SOON);
        }
        return !lines.isEmpty() && hold != null;
    }

    private MoveFeeds.@Nullable Hold held() {
        if (hold == null) {
            hold = feeds.rows().hold(name, source.topic(), null, endpoint.getLease()).orElse(null);
            place = hold == null ? null : hold.feed().place();
            untold = 0;
            toldAt = source.timeline().nanos();
        }
        return hold;
    }

    private void prolong() {
        MoveFeeds.Hold mine = hold;
        if (mine != null && feeds.rows().hold(name, source.topic(), mine.token(), endpoint.getLease()).isEmpty()) {
            hold = null;
        }
    }

    private boolean isTaken(MoveFeeds.Hold mine, List<FeedLine> message) {
        Exchange exchange = createExchange(false);
        try {
            fill(exchange, message);
            try {
                getProcessor().process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            if (exchange.getException() != null) {
                rest(mine, exchange.getException());
                return false;
            }
        } finally {
            releaseExchange(exchange, false);
        }
        if (failures > 0) {
            LOG.info("{} takes moves again", name);
            failures = 0;
        }
        place = message.get(message.size() - 1).line().id();
        untold += message.size();
        if (source.timeline().nanos() - toldAt > NOTE_EVERY.toNanos()) {
            note(mine);
        }
        return true;
    }

    private void fill(Exchange exchange, List<FeedLine> message) {
        Epoch epoch = feeds.chain().head().orElse(null);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        if (endpoint.getBatch() > 1) {
            exchange.getMessage().setBody(MoveJson.many(message, epoch));
            return;
        }
        FeedLine move = message.get(0);
        exchange.getMessage().setBody(MoveJson.one(move, epoch));
        exchange.getMessage().setHeader("CaravanMove", move.line().id());
        exchange.getMessage().setHeader("CaravanKey", move.line().key());
        exchange.getMessage().setHeader("CaravanEvent", move.line().event());
        exchange.getMessage().setHeader("CaravanFrom", move.line().from());
        exchange.getMessage().setHeader("CaravanTo", move.line().to());
    }

    private void rest(MoveFeeds.Hold mine, Exception failure) {
        Duration wait = endpoint.getDelay().multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        Duration bounded = wait.compareTo(endpoint.getLongestDelay()) < 0 ? wait : endpoint.getLongestDelay();
        failures++;
        String why = sentence(failure);
        if (failures == 1) {
            LOG.warn("{} does not take a move; it is handed out again until it does: {}", name, why);
        } else {
            LOG.debug("{} did not take a move {} times in a row: {}", name, failures, why);
        }
        restsUntil = source.timeline().nanos() + bounded.toNanos();
        resting = true; // before the rows, which may be away too
        again(bounded);
        note(mine);
        feeds.rows().failed(mine, why);
    }

    private static String sentence(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    /** A hint only: each look wakes it too. */
    private void again(Duration wait) {
        source.scheduler().get().in(wait, this::wake);
    }

    private boolean isResting() {
        if (resting && source.timeline().nanos() - restsUntil >= 0) {
            resting = false;
        }
        return resting;
    }

    private void note(MoveFeeds.Hold mine) {
        toldAt = source.timeline().nanos();
        if (untold > 0) {
            if (!feeds.rows().taken(mine, Objects.requireNonNull(place), untold)) {
                hold = null; // another node hands out now, and again what it does not know of
            }
            untold = 0;
        }
    }

    private void leave() {
        MoveFeeds.Hold mine = hold;
        hold = null;
        try {
            if (mine != null) {
                note(mine);
                feeds.rows().release(mine);
            }
        } catch (RuntimeException e) {
            LOG.debug("{} is taken over when its lease has run out: {}", name, e.getMessage());
        }
        hold = null;
    }
}
