package io.caravan.camel;

import io.caravan.model.ChainTime;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.LogScope;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import io.caravan.store.Subscription;
import io.caravan.time.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: deal:<StateName>} feeds a route with the deals of one state; {@code to: deal:fire/<Event>[,<Event>]}
 * moves the deal in the body; {@code to: deal:fail} fires its state's own way to give up, with the reason of the
 * exception that was caught. One component serves one role of one node; to be bound under the name {@code deal}. It
 * writes the one INFO line of each move.
 */
public final class DealComponent extends DefaultComponent {

    private static final Logger LOG = LoggerFactory.getLogger(DealComponent.class);
    private static final String PREFIX = "StorageDeal";

    private final DealStore store;
    private final Timeline timeline;
    private final Role role;
    private final ChainTime chain;
    private PhaseWatch watch = PhaseWatch.NOBODY;
    private Supplier<Duration> look = () -> TurnScheduler.LOOK;
    private boolean isOnPaper;
    private @Nullable TurnScheduler scheduler;
    private @Nullable Subscription moves;

    /** Without the chain's time: no state gives up by its last epoch. */
    public DealComponent(DealStore store, Clock clock, Role role) {
        this(store, clock, role, ChainTime.NONE);
    }

    /** On the machine's own timeline. */
    public DealComponent(DealStore store, Clock clock, Role role, ChainTime chain) {
        this(store, Timeline.of(clock), role, chain);
    }

    /**
     * @param role the side whose deals this node keeps
     * @param chain by which a state gives up that has outlived its last epoch
     */
    public DealComponent(DealStore store, Timeline timeline, Role role, ChainTime chain) {
        this.store = store;
        this.timeline = timeline;
        this.role = role;
        this.chain = chain;
    }

    /** How often the table is looked at for what other nodes moved or left, asked after each look; a second if nobody says otherwise. */
    public DealComponent lookEvery(Supplier<Duration> period) {
        look = period;
        return this;
    }

    /** Who hears of each run of a phase; nobody if nobody says otherwise. */
    public DealComponent watchedBy(PhaseWatch listener) {
        watch = listener;
        return this;
    }

    PhaseWatch watch() {
        return watch;
    }

    /** A twin that makes endpoints and does nothing else, to hold routes against that are not to run. */
    public DealComponent onPaper() {
        DealComponent twin = new DealComponent(store, timeline, role, chain);
        twin.isOnPaper = true;
        return twin;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String target, Map<String, Object> parameters) throws Exception {
        Endpoint endpoint = target.equals(MovesEndpoint.TARGET)
                ? new MovesEndpoint(uri, this, new MoveSource(role.text(), heard -> store.onMove(move -> heard.run()), this::scheduler, timeline))
                : new DealEndpoint(uri, this, target);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (isOnPaper) {
            return;
        }
        scheduler = new TurnScheduler(role.text(), timeline, look, this::due);
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
        super.doShutdown();
    }

    DealStore store() {
        return store;
    }

    Timeline timeline() {
        return timeline;
    }

    ChainTime chain() {
        return chain;
    }

    Role role() {
        return role;
    }

    TurnScheduler scheduler() {
        if (scheduler == null) {
            throw new IllegalStateException("the component deal is not started");
        }
        return scheduler;
    }

    private Set<String> due() {
        return store.due(role).stream().map(DealState::wireName).collect(Collectors.toSet());
    }

    private void moved(DealMove move) {
        if (move.role() != role) {
            return;
        }
        try (LogScope scope = LogScope.of(move.proposalCid(), role)) {
            String reason = move.note() == null ? "" : ": " + move.note();
            if (move.from() == move.to()) {
                LOG.debug("{} deal {} in {} ({}){}", role.text(), move.proposalCid(), shortly(move.to()), move.event(),
                        reason);
            } else {
                LOG.info("{} deal {} {} → {} ({}){}", role.text(), move.proposalCid(), shortly(move.from()),
                        shortly(move.to()), move.event(), reason);
            }
        }
        scheduler().wake(move.to().wireName());
    }

    private static String shortly(DealState state) {
        return state.wireName().substring(PREFIX.length());
    }
}
