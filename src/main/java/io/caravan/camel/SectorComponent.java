package io.caravan.camel;

import io.caravan.model.Sector;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorState;
import io.caravan.store.SectorStore;
import io.caravan.store.Subscription;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code to: sector:claim/<State>} makes the body the oldest sector whose turn has come in that state, or ends the route
 * when there is none; {@code to: sector:fire/<Event>[,<Event>]} moves it; {@code to: sector:fail} gives it up with the
 * reason that was caught, {@code to: sector:later} keeps it for its next try. {@code from: sector:<State>} feeds a route as {@code deal:} does. A route that Quartz runs and
 * that claims is also run at once when a sector comes into its state. To be bound under the name {@code sector}.
 */
public final class SectorComponent extends DefaultComponent {

    private static final Logger LOG = LoggerFactory.getLogger(SectorComponent.class);

    private final SectorStore store;
    private final Timeline timeline;
    private final CalmLog calmLog;
    private PhaseWatch watch = PhaseWatch.NOBODY;
    private Supplier<Duration> look = () -> TurnScheduler.LOOK;
    private Duration lease = Duration.ofMinutes(1);
    private Duration beat = Duration.ofSeconds(10);
    private StepGate gate = StepGate.OPEN;
    private boolean isOnPaper;
    private @Nullable TurnScheduler scheduler;
    private @Nullable Alarms guard;
    private @Nullable Subscription moves;

    public SectorComponent(SectorStore store, Clock clock) {
        this(store, Timeline.of(clock));
    }

    /** As above on another timeline than the machine's. */
    public SectorComponent(SectorStore store, Timeline timeline) {
        this.store = store;
        this.timeline = timeline;
        this.calmLog = new CalmLog(timeline.clock());
    }

    /** How often the table is looked at for what other nodes moved or left, asked after each look; a second if nobody says otherwise. */
    public SectorComponent lookEvery(Supplier<Duration> period) {
        look = period;
        return this;
    }

    /**
     * How long a claimed sector is ours, and how often that is prolonged while its step runs; a minute and ten seconds if
     * nobody says otherwise.
     */
    public SectorComponent leases(Duration length, Duration heartbeat) {
        if (heartbeat.isZero() || heartbeat.isNegative() || heartbeat.multipliedBy(2).compareTo(length) > 0) {
            throw new IllegalArgumentException("a lease of " + length + " takes a heartbeat of at most half of it, not " + heartbeat);
        }
        lease = length;
        beat = heartbeat;
        return this;
    }

    /** Who is asked before a sector is claimed for a computation; nobody if nobody says otherwise. */
    public SectorComponent gatedBy(StepGate keeper) {
        gate = keeper;
        return this;
    }

    /** Who hears of each run of a phase; nobody if nobody says otherwise. */
    public SectorComponent watchedBy(PhaseWatch listener) {
        watch = listener;
        return this;
    }

    PhaseWatch watch() {
        return watch;
    }

    /** A twin that makes endpoints and does nothing else, to hold routes against that are not to run. */
    public SectorComponent onPaper() {
        SectorComponent twin = new SectorComponent(store, timeline);
        twin.isOnPaper = true;
        return twin;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String target, Map<String, Object> parameters) throws Exception {
        Endpoint endpoint = target.equals(MovesEndpoint.TARGET)
                ? new MovesEndpoint(uri, this, new MoveSource("sector", heard -> store.onMove(move -> heard.run()), this::scheduler, timeline))
                : new SectorEndpoint(uri, this, target);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (isOnPaper) {
            return;
        }
        scheduler = new TurnScheduler("sector", timeline, look, () -> store.due().stream().map(SectorState::wireName)
                .collect(Collectors.toSet()));
        guard = timeline.alarms("sector-leases", 1);
        moves = store.onMove(this::moved);
    }

    @Override
    protected void doShutdown() throws Exception {
        if (moves != null) {
            moves.close();
        }
        if (scheduler != null) {
            scheduler.stop();
        }
        if (guard != null) {
            guard.close();
        }
        super.doShutdown();
    }

    StepGate gate() {
        return gate;
    }

    CalmLog calmLog() {
        return calmLog;
    }

    SectorStore store() {
        return store;
    }

    Timeline timeline() {
        return timeline;
    }

    Duration lease() {
        return lease;
    }

    /** Begins to prolong the lease of a sector that was claimed just now, for the step on this thread. */
    StepLease kept(Turnstile<Sector> turnstile, Sector sector) {
        if (guard == null) {
            throw new IllegalStateException("the component sector is not started");
        }
        Duration often = beat.compareTo(turnstile.lease().dividedBy(2)) < 0 ? beat : turnstile.lease().dividedBy(3);
        return StepLease.begin(turnstile, sector, new StepLease.Beats(scheduler(), guard, often), timeline.clock());
    }

    TurnScheduler scheduler() {
        if (scheduler == null) {
            throw new IllegalStateException("the component sector is not started");
        }
        return scheduler;
    }

    private void moved(SectorMove move) {
        String reason = move.note() == null ? "" : ": " + move.note();
        if (move.from() == move.to()) {
            LOG.debug("sector {} in {} ({}){}", move.number(), move.to(), move.event(), reason);
        } else {
            LOG.info("sector {} {} → {} ({}){}", move.number(), move.from(), move.to(), move.event(), reason);
        }
        scheduler().wake(move.to().wireName());
    }
}
