package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
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
        org.quartz.impl.SchedulerRepository.getInstance().remove(scheduler.getSchedulerName());
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
