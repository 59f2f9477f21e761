package io.caravan.node;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.caravan.camel.LiveContext;
import io.caravan.camel.PhaseWatch;
import io.caravan.chain.MessageWatch;
import io.caravan.chain.TipSet;
import io.caravan.codec.Cid;
import io.caravan.deal.TransferRows;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorPiece;
import io.caravan.node.config.Live;
import io.caravan.node.observe.Checks;
import io.caravan.node.observe.Counting;
import io.caravan.node.observe.Figures;
import io.caravan.node.observe.Gauges;
import io.caravan.node.observe.HealthBoard;
import io.caravan.node.observe.HealthCheck;
import io.caravan.node.observe.HealthReport;
import io.caravan.node.observe.Metric;
import io.caravan.node.observe.MetricsText;
import io.caravan.node.observe.ObservePage;
import io.caravan.node.observe.Sample;
import io.caravan.node.observe.Tally;
import io.caravan.node.observe.trace.DealSpans;
import io.caravan.node.observe.trace.MessageDeals;
import io.caravan.node.observe.trace.Sampling;
import io.caravan.node.observe.trace.SpanQueue;
import io.caravan.node.observe.trace.Traces;
import io.caravan.store.Backlog;
import io.caravan.store.DealCounts;
import io.caravan.store.MoveFeed;
import io.caravan.store.MoveFeeds;
import io.caravan.store.PublishQueue;
import io.caravan.store.SectorStore;
import io.caravan.store.Settlements;
import io.caravan.time.Alarms;
import io.caravan.time.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What operators watch of daemon or miner: it counts from the role's start, and reads gauges, runs checks and loads Micrometer only
 * when somebody asks.
 */
final class Observing {

    private static final Duration GAUGES_EVERY = Duration.ofSeconds(10);
    /** One for each check or group of gauges that may hang. */
    private static final int WORKERS = 12;

    private final RoleCore core;
    private final Role role;
    private final Tally tally = new Tally();
    private final Counting counting;
    private final Backlog backlog;
    private final Gauges gauges;
    private final HealthBoard health;
    private final PublishQueue queue;
    private final @Nullable DealSpans spans;
    private volatile @Nullable SectorStore sectors;

    /** Counts from now on and serves {@code /observe/} once the port is open. */
    Observing(RoleCore core, Role role) {
        this.core = core;
        this.role = role;
        queue = new PublishQueue(core.database().sql(), core.messages(), core.clock());
        counting = new Counting(tally, key -> queue.inMessage(key).size());
        backlog = new Backlog(core.database().sql(), core.clock());
        Workers workers = core.opened(core.timeline().workers(core.role() + "-observe", WORKERS, 64));
        gauges = new Gauges(workers, GAUGES_EVERY, core.clock());
        health = new HealthBoard(core.role(), workers, core.clock());
        core.opened(core.deals().onMove(counting::moved)::close);
        core.rpc().methods().watch(counting);
        core.lane().watchedBy(counting);
        core.watcher().watchedBy(counting);
        MetricsText text = core.opened(new MetricsText(tally, gauges));
        core.rpc().serve(ObservePage.PREFIX, new ObservePage(health, text));
        Live<Sampling> sampling = core.live().of(TraceSettings::sampling);
        spans = TraceSettings.collector(core.settings(), core.role(), core.node()).map(collector -> spans(collector, sampling)).orElse(null);
        checks();
        gauges();
    }

    /** Traces are wanted. */
    private DealSpans spans(Traces.Collector collector, Supplier<Sampling> sampling) {
        Alarms alarms = core.opened(core.timeline().alarms(core.role() + "-traces", 1));
        SpanQueue waiting = core.opened(Traces.to(collector, sampling, tally, alarms));
        DealSpans made = new DealSpans(waiting, new MessageDeals(queue, core.funds(),
                new Settlements(core.database().sql(), core.messages(), core.clock())), this::dealsIn, core.clock());
        core.opened(core.deals().onMove(made::moved)::close);
        MessageWatch both = (message, receipt, baseFee) -> {
            counting.landed(message, receipt, baseFee);
            made.landed(message, receipt, baseFee);
        };
        core.lane().watchedBy(both);
        core.watcher().watchedBy(both);
        return made;
    }

    private List<Cid> dealsIn(Sector sector) {
        SectorStore store = sectors;
        return store == null ? List.of() : store.piecesOf(sector.number()).stream().map(SectorPiece::proposalCid).toList();
    }

    /** Who hears of each run of a phase. */
    PhaseWatch phases() {
        DealSpans traced = spans;
        return traced == null ? counting : run -> {
            counting.ended(run);
            traced.ended(run);
        };
    }

    /** How the role is, for those who ask by JSON-RPC. */
    Supplier<HealthReport> health() {
        return health::report;
    }

    /** Adds what only this role can look at. */
    Observing check(HealthCheck check) {
        health.add(check);
        return this;
    }

    /** Hears of each change of a transfer. */
    Observing transfers(TransferRows journal) {
        journal.onSave(counting::saved);
        DealSpans traced = spans;
        if (traced != null) {
            journal.onSave(traced::saved);
        }
        return this;
    }

    /** Looks at the routes from now on. */
    Observing routes(LiveContext context) {
        health.add(Checks.routes(context, context.halts()));
        health.aliveWhile(() -> !context.isStopped() && !context.isStopping());
        gauges.add("routes", into -> Figures.routes(context, into));
        return this;
    }

    /** Looks at sectors from now on. */
    Observing sectors(SectorStore sectors) {
        this.sectors = sectors;
        health.add(Checks.sectors(backlog::parkedSectors));
        gauges.add("sectors", into -> {
            sectors.count().forEach((state, many) -> into.accept(Sample.of(Metric.SECTORS, many, state.wireName())));
            into.accept(Sample.of(Metric.SECTORS_PARKED, backlog.parkedSectors()));
        });
        return this;
    }

    /**
     * Looks at money from now on.
     *
     * @param own whose escrow in the market it is
     * @param payer the wallet that pays
     */
    Observing money(Funds money, Supplier<List<FilAddress>> own, Supplier<FilAddress> payer) {
        health.add(HealthCheck.of("FUNDS", "funds", money::findings));
        gauges.add("funds", into -> {
            Figures.funds(own.get().stream().flatMap(address -> money.books(address).stream()).toList(), money.violations(), into);
            into.accept(Sample.of(Metric.WALLET, Figures.fil(core.chain().walletBalance(payer.get()))));
        });
        return this;
    }

    private void checks() {
        health.add(Checks.database(core.database().sql(), core.clock()));
        health.add(Checks.messages(backlog, core.clock()));
        health.add(Checks.deals(() -> backlog.troubledDeals(role), () -> backlog.parkedDeals(role)));
        health.add(Checks.secrets(core.folder()));
        health.add(Checks.disk(disks(), core.live().of(now -> now.bytes("caravan.health.disk"))::get));
    }

    private Map<String, LongSupplier> disks() {
        Map<String, LongSupplier> free = new LinkedHashMap<>();
        Path home = core.folder();
        free.put(core.role(), () -> core.ground().freeBytes(home));
        if (role == Role.PROVIDER) {
            Path sectors = Sealing.folder(core);
            free.put("sectors", () -> core.ground().freeBytes(sectors));
        }
        return free;
    }

    private void gauges() {
        String side = role.text();
        gauges.add("build", into -> into.accept(Sample.of(Metric.BUILD_INFO, 1, core.role(), Version.text())));
        DealCounts deals = new DealCounts(core.database().sql(), role, core.clock());
        gauges.add("deals", into -> deals.count().states().forEach((state, many) ->
                into.accept(Sample.of(Metric.DEALS, many, side, state.wireName()))));
        gauges.add("troubled", into -> {
            into.accept(Sample.of(Metric.DEALS_PARKED, backlog.parkedDeals(role), side));
            into.accept(Sample.of(Metric.DEALS_STUCK, backlog.troubledDeals(role), side));
        });
        gauges.add("backlog", into -> Figures.backlog(backlog, core.clock().instant(), into));
        MoveFeeds feeds = new MoveFeeds(core.database().sql(), core.clock(), core.node());
        gauges.add("feeds", into -> into.accept(Sample.of(Metric.DEAL_MOVES_LAG, feeds.lags().stream()
                .filter(lag -> lag.feed().topic().equals(side)).mapToLong(MoveFeed.Lag::behind).max().orElse(0), side)));
        gauges.add("libp2p", into -> Figures.libp2p(core.host().stats(), into));
        gauges.add("pool", this::pool);
        gauges.add("chain", into -> {
            TipSet head = core.chain().head();
            Instant now = core.clock().instant();
            into.accept(Sample.of(Metric.CHAIN_EPOCH, head.epoch().value()));
            into.accept(Sample.of(Metric.CHAIN_HEAD_AGE, Duration.between(head.at(), now).toMillis() / 1000.0));
        });
        gauges.add("disk", into -> disks().forEach((folder, free) -> into.accept(Sample.of(Metric.DISK_FREE, free.getAsLong(), folder))));
        gauges.add("health", into -> Figures.health(health.report(), into));
    }

    private void pool(java.util.function.Consumer<Sample> into) {
        if (core.database().dataSource() instanceof HikariDataSource source && source.getHikariPoolMXBean() != null) {
            HikariPoolMXBean pool = source.getHikariPoolMXBean();
            into.accept(Sample.of(Metric.DB_CONNECTIONS, pool.getActiveConnections(), "active"));
            into.accept(Sample.of(Metric.DB_CONNECTIONS, pool.getIdleConnections(), "idle"));
            into.accept(Sample.of(Metric.DB_CONNECTIONS, pool.getThreadsAwaitingConnection(), "waiting"));
            into.accept(Sample.of(Metric.DB_CONNECTIONS_MAX, source.getMaximumPoolSize()));
        }
    }
}
