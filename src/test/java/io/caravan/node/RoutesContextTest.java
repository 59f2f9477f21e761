package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Role;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.LiveSettings;
import io.caravan.store.RouteBook;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/** A role's routes stop in an order in which nothing looks for what is gone. */
class RoutesContextTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    @Test
    void theClockStandsStillBeforeTheRoutesStop() throws Exception {
        Properties inMemory = new Properties();
        inMemory.setProperty("org.quartz.scheduler.instanceName", "a-test");
        inMemory.setProperty("org.quartz.threadPool.threadCount", "1");
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(inMemory);
        RoutesContext routes = new RoutesContext("test", Role.PROVIDER, new LiveSettings(RoleSettings.load(home, Map.of())),
                new RouteBook(POSTGRES.database().sql(), "node", Clock.systemUTC()), Timeline.of(Clock.systemUTC()));
        routes.bind(Map.of("quartz", quartz)).start();
        Scheduler clock = routes.camel().getComponent("quartz", QuartzComponent.class).getScheduler();
        assertThat(clock.isInStandbyMode()).isFalse();
        AtomicBoolean isStill = new AtomicBoolean();
        routes.camel().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                try {
                    isStill.set(clock.isInStandbyMode());
                } catch (SchedulerException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        routes.close();
        assertThat(isStill).isTrue();
        assertThat(clock.isShutdown()).isTrue();
    }
}
