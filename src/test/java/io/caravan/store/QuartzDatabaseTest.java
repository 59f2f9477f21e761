package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.Header;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

class QuartzDatabaseTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** What runs in the middle of a kill, and again afterwards. Quartz makes the object, so it meets the test in the context. */
    @DisallowConcurrentExecution
    public static final class Step implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                var scheduler = context.getScheduler().getContext();
                ((CountDownLatch) scheduler.get("begun")).countDown();
                ((CountDownLatch) scheduler.get("end")).await();
            } catch (SchedulerException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aNodeThatWasKilledInAJobRunsItAgainAsSoonAsItIsBack() throws Exception {
        var isCut = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Scheduler killed = scheduler(cut(POSTGRES.database().dataSource(), isCut), begun, end);
        killed.scheduleJob(JobBuilder.newJob(Step.class).withIdentity("step").build(),
                TriggerBuilder.newTrigger().withSchedule(CronScheduleBuilder.cronSchedule("* * * * * ?")).build());
        killed.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        isCut.set(true); // from here on the database hears nothing of it, as of a killed process

        CountDownLatch again = new CountDownLatch(1);
        Scheduler next = scheduler(POSTGRES.database().dataSource(), again, new CountDownLatch(0));
        next.start();
        try {
            assertThat(again.await(4, TimeUnit.SECONDS)).as("the job runs again").isTrue();
        } finally {
            next.shutdown();
            end.countDown();
            killed.shutdown();
        }
    }

    /** What fired, and when it was to fire. */
    public static final class Count {
        private final Set<Date> moments = ConcurrentHashMap.newKeySet();
        private final AtomicInteger runs = new AtomicInteger();

        public void run(@Header("scheduledFireTime") Date moment) {
            moments.add(moment);
            runs.incrementAndGet();
        }
    }

    @Test
    void aChangedMomentInTheSettingsWinsOverWhatTheDatabaseKept() throws Exception {
        Count count = new Count();
        try (DefaultCamelContext first = node("changed", "a", "0 0 0 1 1 ? 2099", count)) {
            first.start();
            assertThat(cron("changed")).isEqualTo("0 0 0 1 1 ? 2099");
        }
        assertThat(cron("changed")).as("kept for the other nodes").isEqualTo("0 0 0 1 1 ? 2099");
        try (DefaultCamelContext next = node("changed", "a", "* * * * * ?", count)) {
            next.start();
            assertThat(cron("changed")).isEqualTo("* * * * * ?");
            Await.until("the route to run at its new moments", Duration.ofSeconds(15), () -> count.runs.get() >= 2);
        }
    }

    @Test
    void aMomentOfARoleBelongsToOneOfItsNodes() throws Exception {
        Count count = new Count();
        try (DefaultCamelContext one = node("shared", "a", "* * * * * ?", count);
                DefaultCamelContext two = node("shared", "b", "* * * * * ?", count)) {
            one.start();
            forget(one);
            two.start();
            Await.until("five moments", Duration.ofSeconds(20), () -> count.moments.size() >= 5);
            Scheduler clock = two.getComponent("quartz", QuartzComponent.class).getScheduler();
            assertThat(clock.getMetaData().isJobStoreClustered()).isTrue();
            assertThat(clock.getMetaData().getSchedulerName()).isEqualTo(one.getComponent("quartz", QuartzComponent.class)
                    .getScheduler().getSchedulerName());
            one.stop(); // the other goes on
            int before = count.runs.get();
            Await.until("the other node to go on", Duration.ofSeconds(20), () -> count.runs.get() >= before + 2);
        }
        assertThat(count.runs.get()).as("each moment once").isEqualTo(count.moments.size());
    }

    private static DefaultCamelContext node(String role, String name, String cron, Count count) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.setNameStrategy(new ExplicitCamelContextNameStrategy(role));
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(POSTGRES.database().dataSource(), name));
        context.addComponent("quartz", quartz);
        context.getRegistry().bind("count", count);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("test.yaml", """
                - route:
                    id: counted
                    from:
                      uri: quartz:sealing/counted
                      parameters:
                        cron: "%s"
                        stateful: true
                      steps:
                        - to:
                            uri: bean:count?method=run
                """.formatted(cron)));
        return context;
    }

    /** Schedulers of one process are told apart by name; this one is only known to itself from now on. */
    private static void forget(DefaultCamelContext context) throws SchedulerException {
        SchedulerRepository.getInstance().remove(context.getComponent("quartz", QuartzComponent.class).getScheduler().getSchedulerName());
    }

    private static String cron(String role) {
        return POSTGRES.database().sql().list("test/crons", Map.of("role", "caravan-" + role), (row, n) -> row.getString(1)).get(0);
    }

    @Test
    void aNodesNameIsOneThatJmxTakes() throws Exception {
        Properties properties = new Properties();
        QuartzDatabase.properties(POSTGRES.database().dataSource(), "host:1f").forEach(properties::put);
        properties.put("org.quartz.scheduler.jmx.export", "true"); // as Camel does
        Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
        assertThat(scheduler.getSchedulerInstanceId()).isEqualTo("host-1f");
        scheduler.shutdown();
    }

    private static Scheduler scheduler(DataSource pool, CountDownLatch begun, CountDownLatch end) throws SchedulerException {
        Properties properties = new Properties();
        QuartzDatabase.properties(pool, "host:1f").forEach(properties::put);
        // Schedulers of one process are told apart by name; the killed one is only known to itself.
        Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
        SchedulerRepository.getInstance().remove(scheduler.getSchedulerName());
        scheduler.getContext().put("begun", begun);
        scheduler.getContext().put("end", end);
        return scheduler;
    }

    private static DataSource cut(DataSource pool, AtomicBoolean isCut) {
        return (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (isCut.get()) {
                        throw new SQLException("cut");
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
