package io.caravan.node;

import io.caravan.devnet.DevnetNode;
import io.caravan.model.Network;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.DevnetHealthApi;
import io.caravan.node.net.Finding;
import io.caravan.node.observe.Checks;
import io.caravan.node.observe.Figures;
import io.caravan.node.observe.Gauges;
import io.caravan.node.observe.HealthBoard;
import io.caravan.node.observe.HealthCheck;
import io.caravan.node.observe.Metric;
import io.caravan.node.observe.MetricsText;
import io.caravan.node.observe.ObservePage;
import io.caravan.node.observe.Sample;
import io.caravan.node.observe.Tally;
import io.caravan.store.Sql;
import io.caravan.time.Timeline;
import io.caravan.time.Workers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** What operators watch of a devnet: {@code /observe/} of its port, as at daemon and miner. All of it is read when somebody asks. */
final class DevnetObserving implements AutoCloseable {

    private static final String NAME = "devnet";
    private static final String WHAT = "blocks are made";
    private static final String CODE = "BLOCK-01";
    private static final Duration GAUGES_EVERY = Duration.ofSeconds(10);
    /** As many ticks of the clock, and so long besides, may pass without a block before somebody should look. */
    private static final int MISSED = 10;
    private static final Duration BUSY = Duration.ofSeconds(30);
    /** One for each check or group of gauges that may hang. */
    private static final int WORKERS = 6;

    private final DevnetNode node;
    private final DevnetBlocks blocks;
    private final Clock clock;
    private final Workers workers;
    private final MetricsText text;

    /**
     * Where it stands.
     *
     * @param sql its database
     * @param home its folder
     * @param freeBytes what the folder's disk has left
     * @param leastDisk what it should have left
     */
    record Place(Timeline timeline, Sql sql, Path home, LongSupplier freeBytes, long leastDisk) {}

    /** Serves {@code /observe/} and {@code Caravan.Health} from now on. */
    DevnetObserving(DevnetNode node, DevnetRoutes routes, DevnetBlocks blocks, Tally tally, Place place) {
        this.node = node;
        this.blocks = blocks;
        clock = place.timeline().clock();
        workers = place.timeline().workers(NAME + "-observe", WORKERS, 32);
        HealthBoard health = new HealthBoard(NAME, workers, clock);
        health.add(HealthCheck.needed(CODE, "blocks", this::look));
        health.add(Checks.database(place.sql(), clock));
        health.add(Checks.routes(routes.context(), routes.halts()));
        health.add(Checks.disk(Map.of(NAME, place.freeBytes()), place::leastDisk));
        health.add(Checks.secrets(place.home()));
        health.aliveWhile(() -> !routes.context().isStopped() && !routes.context().isStopping());
        Gauges gauges = new Gauges(workers, GAUGES_EVERY, clock);
        gauges.add("build", into -> into.accept(Sample.of(Metric.BUILD_INFO, 1, NAME, Version.text())));
        gauges.add("chain", into -> {
            DevnetNode.Standing now = node.standing();
            into.accept(Sample.of(Metric.CHAIN_EPOCH, now.height()));
            into.accept(Sample.of(Metric.CHAIN_HEAD_AGE, Duration.between(now.headAt(), clock.instant()).toMillis() / 1000.0));
            into.accept(Sample.of(Metric.DEVNET_POOL, now.waiting()));
            into.accept(Sample.of(Metric.DEVNET_EPOCH_SECONDS, now.interval().toMillis() / 1000.0));
        });
        gauges.add("routes", into -> Figures.routes(routes.context(), into));
        gauges.add("disk", into -> into.accept(Sample.of(Metric.DISK_FREE, place.freeBytes().getAsLong(), NAME)));
        gauges.add("health", into -> Figures.health(health.report(), into));
        text = new MetricsText(tally, gauges);
        new DevnetHealthApi(new ApiJson(Network.TESTNET), health::report).register(node.methods());
        node.serve(ObservePage.PREFIX, new ObservePage(health, text));
    }

    private List<Finding> look() {
        DevnetNode.Standing now = node.standing();
        String trouble = now.trouble();
        if (trouble != null) {
            return List.of(Finding.fail(CODE, WHAT, "no more after epoch " + now.height() + ": " + trouble,
                    "the log has the error; start the devnet again, or take its folder away and begin a new chain"));
        }
        if (now.interval().isZero()) {
            return List.of(Finding.ok(CODE, WHAT, "the clock stands at epoch " + now.height() + ", as it was told: Devnet.Mine makes blocks"));
        }
        Duration since = Duration.between(blocks.last(), clock.instant());
        return List.of(since.compareTo(now.interval().multipliedBy(MISSED).plus(BUSY)) > 0
                ? Finding.fail(CODE, WHAT, "none for " + since.toSeconds() + " s, where one is due every " + now.interval().toMillis() + " ms",
                "start the route tick-block in Hawtio if it is stopped; else the log says why, or the machine has too much to do")
                : Finding.ok(CODE, WHAT, "epoch " + now.height() + ", " + now.waiting() + " messages wait"));
    }

    @Override
    public void close() {
        text.close();
        workers.close();
    }
}
