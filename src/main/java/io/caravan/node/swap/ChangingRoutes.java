package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.model.Role;
import io.caravan.store.RouteBook;
import io.caravan.time.Alarms;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of a role that runs, which follow their files: started, watched, and at the end brought to their end. */
public final class ChangingRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChangingRoutes.class);
    private static final long GLANCE = 50;

    private final LiveContext context;
    private final Deployer.Tools tools;
    private final Deployer deployer;
    private final RouteDesk desk;
    private final RouteWatch watch;
    private final Alarms alarms;
    private final Properties placeholders;
    private volatile @Nullable SettingsWatch settings;

    /** @param placeholders the settings with the values that routes see; changed when a setting is */
    public ChangingRoutes(LiveContext context, RouteFolder folder, RouteBook book, Role role, Properties placeholders, Timeline timeline) {
        this.placeholders = placeholders;
        this.context = context;
        RouteCheck check = new RouteCheck(role, new LiveBeans(context.getRegistry()), () -> known(placeholders));
        this.tools = new Deployer.Tools(context, folder, check, book, timeline.clock());
        this.deployer = new Deployer(tools);
        this.desk = new RouteDesk(deployer, tools);
        this.watch = new RouteWatch(deployer, folder, this::look);
        this.alarms = timeline.alarms(role.text() + "-routes", 1);
    }

    private static Map<String, String> known(Properties placeholders) {
        return placeholders.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, placeholders::getProperty));
    }

    /**
     * Starts the routes; from then on the folder is looked at.
     *
     * @param every zero for never
     * @throws Exception when not even the program's own routes start
     */
    public void start(Duration every) throws Exception {
        new RouteStart(tools, deployer).run();
        if (!every.isZero()) {
            watch.start(alarms, every);
        }
    }

    private boolean look() {
        context.sweep();
        return settings != null && settings.look((keys, values) -> deployer.reset(keys, values, placeholders));
    }

    /** Settings are followed too. */
    public ChangingRoutes with(SettingsWatch watched) {
        settings = watched;
        return this;
    }

    public RouteDesk desk() {
        return desk;
    }

    Deployer deployer() {
        return deployer;
    }

    /** Takes no change any more. */
    public void stopWatching() {
        alarms.close();
    }

    /** Waits until what earlier versions of routes began has ended, at most that long. */
    public void awaitLeaving(Duration patience) {
        deployer.letGo();
        Instant until = tools.clock().instant().plus(patience);
        while (context.sweep() > 0 && tools.clock().instant().isBefore(until)) {
            if (!context.pause(GLANCE)) {
                return;
            }
        }
    }

    /** Breaks off what earlier versions of routes still do. */
    @Override
    public void close() {
        stopWatching();
        int broken = context.breakOff();
        if (broken > 0) {
            LOG.info("{} earlier versions of routes are broken off; what they did begins again at the next start", broken);
        }
    }
}
