package io.caravan.node.hawtio;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/**
 * Which MBeans are this role's: several roles may share a process, and its MBean server with it.
 *
 * @param role such as {@code miner}
 * @param context the management name of its Camel context
 * @param scheduler the name of its Quartz scheduler, empty if it has none
 */
record OwnBeans(String role, String context, Optional<String> scheduler) {

    /** Those of a context that is started. */
    static OwnBeans of(String role, CamelContext camel) {
        String context = camel.getManagementName() == null ? camel.getName() : camel.getManagementName();
        return new OwnBeans(role, context, scheduler(camel));
    }

    private static Optional<String> scheduler(CamelContext camel) {
        Scheduler scheduler = camel.hasComponent("quartz") instanceof QuartzComponent quartz ? quartz.getScheduler() : null;
        try {
            return scheduler == null ? Optional.empty() : Optional.of(scheduler.getSchedulerName());
        } catch (SchedulerException e) {
            throw new IllegalStateException("the scheduler of " + camel.getName() + " does not tell its name", e);
        }
    }
}
