package io.caravan.node;

import io.caravan.camel.LiveContext;
import io.caravan.model.Role;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.swap.ChangingRoutes;
import io.caravan.node.swap.RouteDesk;
import io.caravan.node.swap.RouteFolder;
import io.caravan.node.swap.SettingsWatch;
import io.caravan.store.RouteBook;
import io.caravan.time.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role's Camel context: its beans, its components, the settings as placeholders and the route files of its folders.
 * The files are read from the folder that {@code caravan.routes.folder} names or that lies beside the launcher, so that what a
 * person edits is what runs, else from the jar; while the role runs they may change.
 */
final class RoutesContext implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesContext.class);

    private final LiveContext context;
    private final LiveSettings live;
    private final Properties placeholders = new Properties();
    private final Role role;
    private final RouteBook book;
    private final Timeline timeline;
    private Predicate<String> leftOut = file -> false;
    private SettingsWatch watched;
    private ChangingRoutes routes;

    /**
     * @param name the context's name in JMX: daemon or miner
     * @param role the side whose deals its routes work on
     */
    RoutesContext(String name, Role role, LiveSettings live, RouteBook book, Timeline timeline) {
        this.role = role;
        this.live = live;
        this.book = book;
        this.timeline = timeline;
        context = new LiveContext(timeline.clock());
        context.setNameStrategy(new org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy(name));
        context.getManagementStrategy();
        live.now().placeholders().forEach(placeholders::setProperty);
        context.getPropertiesComponent().setInitialProperties(placeholders);
        live.of(now -> Math.max(1, now.duration("caravan.stop.wait").toSeconds())).follow(context.getShutdownStrategy()::setTimeout);
        context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
        context.setSourceLocationEnabled(true);
    }

    LiveContext camel() {
        return context;
    }

    /** Binds what routes call by name. */
    RoutesContext bind(Map<String, Object> beans) {
        beans.forEach(context.getRegistry()::bind);
        return this;
    }

    /** Settings that change while it runs are followed as its files are. */
    RoutesContext following(SettingsWatch settingsWatch) {
        watched = settingsWatch;
        return this;
    }

    /** Files that are not for this role as it is set up; each as {@code folder/name}. */
    RoutesContext without(Predicate<String> leftOut) {
        this.leftOut = leftOut;
        return this;
    }

    /** Loads {@code errors.camel.yaml} and every file of the folders but those left out, starts, and follows their changes. */
    void start(String... folders) {
        RouteFolder folder = new RouteFolder(RouteFolder.rootOf(live.atStart()), List.of(folders), leftOut);
        routes = new ChangingRoutes(context, folder, book, role, placeholders, timeline).with(watched);
        try {
            routes.start(live.atStart().duration("caravan.routes.look"));
        } catch (Exception e) {
            throw new StartException("the routes of " + context.getName() + " do not start: " + e.getMessage(), e);
        }
    }

    /** What people ask about the routes, once they started. */
    RouteDesk desk() {
        return routes.desk();
    }

    /** What people ask about the settings that it follows. */
    SettingsWatch settings() {
        return watched;
    }

    /** The clock first: a job that began while the routes go would look for one that is not there any more. */
    @Override
    public void close() {
        if (routes != null) {
            routes.stopWatching();
        }
        if (context.hasComponent("quartz") instanceof QuartzComponent quartz && quartz.getScheduler() != null) {
            try {
                quartz.getScheduler().standby();
            } catch (SchedulerException e) {
                LOG.warn("the clock of {} does not stand still before its routes: {}", context.getName(), e.getMessage());
            }
        }
        if (routes != null) {
            routes.awaitLeaving(Duration.ofSeconds(context.getShutdownStrategy().getTimeout()));
        }
        context.stop();
        if (routes != null) {
            routes.close();
        }
    }
}
