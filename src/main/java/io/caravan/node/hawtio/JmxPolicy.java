package io.caravan.node.hawtio;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What callers of Jolokia may do: look at the role's own routes, its clock and the health of the process; whoever may also
 * operate starts, stops and suspends routes. Nothing can be written. Beans without a rule are not even listed: those of other
 * roles in the process, heap dumps, loggers, loaders of code, messages being traced.
 */
final class JmxPolicy implements Restrictor {

    private static final Set<RequestType> TYPES =
            EnumSet.of(RequestType.READ, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION, RequestType.EXEC);
    /** What only routes may be told to do. */
    private static final String[] LIFE = {"start()", "stop()", "suspend()", "resume()", "start", "suspend", "resume"};
    /** Of the process itself: no properties, arguments or paths, in which secrets may stand. */
    private static final Set<String> RUNTIME = Set.of("Name", "Pid", "StartTime", "Uptime", "VmName", "VmVendor", "VmVersion",
            "SpecName", "SpecVendor", "SpecVersion", "ManagementSpecVersion");

    private final List<JmxRule> rules;
    private final boolean mayOperate;

    /** @param mayOperate whether the caller may start and stop routes */
    JmxPolicy(OwnBeans own, boolean mayOperate) {
        this.rules = Stream.of(camel(own.context()), process(),
                own.scheduler().map(JmxPolicy::quartz).orElse(List.of()),
                List.of(JmxRule.reading("io.caravan:role=" + own.role() + ",*"))).flatMap(List::stream).toList();
        this.mayOperate = mayOperate;
    }

    private static List<JmxRule> camel(String context) {
        String own = "org.apache.camel:context=" + context + ",type=";
        return List.of(
                // the forms that write placeholders out are left closed: a route may name a secret by its key
                JmxRule.reading(own + "context,*").without(Set.of("GlobalOptions")).looks("dumpRoutesAsXml()", "dumpRoutesStatsAsXml",
                        "dumpRoutesStatsAsXml(boolean,boolean)", "canSendToEndpoint(java.lang.String)", "isUpdateRouteEnabled()"),
                JmxRule.reading(own + "routes,*").looks("dumpRouteAsXml()", "dumpRouteStatsAsXml()", "dumpRouteStatsAsXml(boolean,boolean)",
                        "dumpStepStatsAsXml(boolean)").acts(LIFE),
                JmxRule.reading(own + "routegroups,*"),
                JmxRule.reading(own + "processors,*"),
                JmxRule.reading(own + "steps,*"),
                JmxRule.reading(own + "endpoints,*"),
                JmxRule.reading(own + "components,*"),
                JmxRule.reading(own + "consumers,*"),
                JmxRule.reading(own + "producers,*"),
                JmxRule.reading(own + "threadpools,*"),
                JmxRule.reading(own + "errorhandlers,*"),
                JmxRule.reading(own + "services,name=DefaultInflightRepository").looks("browse()"),
                JmxRule.reading(own + "services,name=DefaultRuntimeEndpointRegistry").looks("endpointStatistics()"),
                JmxRule.reading(own + "services,name=DefaultTypeConverter"));
    }

    private static List<JmxRule> quartz(String scheduler) {
        // a trigger that somebody pauses stays so in the database, for all nodes and after a restart: routes are stopped instead
        return List.of(JmxRule.reading("quartz:type=QuartzScheduler,name=" + scheduler.replaceAll("[:=\n]", ".") + ",*")
                .looks("getTriggerState", "getTriggerState(java.lang.String,java.lang.String)"));
    }

    private static List<JmxRule> process() {
        return List.of(
                JmxRule.reading("java.lang:type=Memory"),
                JmxRule.reading("java.lang:type=MemoryPool,*"),
                JmxRule.reading("java.lang:type=GarbageCollector,*"),
                JmxRule.reading("java.lang:type=Threading").looks("dumpAllThreads(boolean,boolean)", "dumpAllThreads(boolean, boolean)"),
                JmxRule.reading("java.lang:type=ClassLoading"),
                JmxRule.reading("java.lang:type=Compilation"),
                JmxRule.reading("java.lang:type=OperatingSystem"),
                JmxRule.reading("java.lang:type=Runtime", RUNTIME),
                JmxRule.reading("java.nio:type=BufferPool,*"));
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName bean, String attribute) {
        return rules(bean).anyMatch(rule -> rule.attributes().test(attribute));
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName bean, String attribute) {
        return false;
    }

    @Override
    public boolean isOperationAllowed(ObjectName bean, String operation) {
        return rules(bean).anyMatch(rule -> rule.looks().contains(operation) || mayOperate && rule.acts().contains(operation));
    }

    /** Whether the operation changes what runs; those are noted with who asked for them. */
    boolean isAct(ObjectName bean, String operation) {
        return rules(bean).anyMatch(rule -> rule.acts().contains(operation));
    }

    @Override
    public boolean isObjectNameHidden(ObjectName bean) {
        return rules(bean).findAny().isEmpty();
    }

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return true;
    }

    /** Who calls has been asked before. */
    @Override
    public boolean isRemoteAccessAllowed(String... hosts) {
        return true;
    }

    /** Cross-origin answers are never made. */
    @Override
    public boolean isOriginAllowed(String origin, boolean isStrict) {
        return false;
    }

    /** Those of one bean; a pattern has none, for what it stands for is not known here. */
    private Stream<JmxRule> rules(ObjectName bean) {
        return bean.isPattern() ? Stream.empty() : rules.stream().filter(rule -> rule.beans().apply(bean));
    }
}
