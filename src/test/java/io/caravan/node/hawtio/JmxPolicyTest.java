package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import javax.management.ObjectName;
import org.jolokia.server.core.util.RequestType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JmxPolicyTest {

    private static final OwnBeans MINER = new OwnBeans("miner", "miner", Optional.of("caravan-miner"));
    private static final String ROUTE = "org.apache.camel:context=miner,type=routes,name=\"StorageDealValidating\"";

    private final JmxPolicy looking = new JmxPolicy(MINER, false);
    private final JmxPolicy operating = new JmxPolicy(MINER, true);

    @ParameterizedTest(name = "{0} {1} may be read")
    @CsvSource(delimiter = '|', value = {
        "org.apache.camel:context=miner,type=routes,name=\"StorageDealValidating\" | ExchangesTotal",
        "org.apache.camel:context=miner,type=routes,name=\"StorageDealValidating\" | Note",
        "org.apache.camel:context=miner,type=processors,name=\"to1\"                | ExchangesFailed",
        "org.apache.camel:context=miner,type=endpoints,name=\"deal://fail\"         | EndpointUri",
        "org.apache.camel:context=miner,type=context,name=\"miner\"                 | StartedRoutes",
        "org.apache.camel:context=miner,type=routegroups,name=\"miner-accept\"      | GroupIds",
        "org.apache.camel:context=miner,type=services,name=DefaultInflightRepository | Size",
        "quartz:type=QuartzScheduler,name=caravan-miner,instance=node-1             | AllTriggers",
        "java.lang:type=Memory                                                      | HeapMemoryUsage",
        "java.lang:name=Metaspace,type=MemoryPool                                   | Usage",
        "java.lang:name=Copy,type=GarbageCollector                                  | CollectionCount",
        "java.lang:type=Threading                                                   | ThreadCount",
        "java.lang:type=OperatingSystem                                             | ProcessCpuLoad",
        "java.lang:type=Runtime                                                     | Uptime",
        "java.nio:name=direct,type=BufferPool                                       | MemoryUsed",
        "io.caravan:role=miner,type=Deals                                           | Waiting"})
    void opens(String bean, String attribute) throws Exception {
        assertThat(looking.isAttributeReadAllowed(new ObjectName(bean), attribute)).isTrue();
        assertThat(looking.isObjectNameHidden(new ObjectName(bean))).isFalse();
        assertThat(operating.isAttributeWriteAllowed(new ObjectName(bean), attribute)).isFalse();
    }

    @ParameterizedTest(name = "{0} {1} is closed")
    @CsvSource(delimiter = '|', value = {
        "java.lang:type=Runtime                                               | SystemProperties",
        "java.lang:type=Runtime                                               | InputArguments",
        "java.lang:type=Runtime                                               | ClassPath",
        "java.lang:type=Runtime                                               | BootClassPath",
        "org.apache.camel:context=miner,type=context,name=\"miner\"           | GlobalOptions",
        "org.apache.camel:context=daemon,type=routes,name=\"StorageDealActive\" | ExchangesTotal",
        "org.apache.camel:context=miner-2,type=context,name=\"miner\"         | StartedRoutes",
        "org.apache.camel:context=miner,type=tracer,name=BacklogTracer        | Enabled",
        "org.apache.camel:context=miner,type=services,name=PropertiesComponent | Encoding",
        "org.apache.camel:context=miner,type=services,name=GlobalVariableRepository | Size",
        "quartz:type=QuartzScheduler,name=caravan-daemon,instance=node-1      | AllTriggers",
        "com.sun.management:type=HotSpotDiagnostic                            | DiagnosticOptions",
        "com.sun.management:type=DiagnosticCommand                            | anything",
        "jdk.management.jfr:type=FlightRecorder                               | Recordings",
        "java.util.logging:type=Logging                                       | LoggerNames",
        "JMImplementation:type=MBeanServerDelegate                            | MBeanServerId",
        "org.apache.logging.log4j2:type=1234                                  | ConfigText",
        "com.zaxxer.hikari:type=PoolConfig                                    | Password",
        "jolokia:type=Config,agentId=caravan-miner-look                       | Debug",
        "io.caravan:role=daemon,type=Deals                                    | Waiting",
        "java.lang:*                                                          | SystemProperties"})
    void closes(String bean, String attribute) throws Exception {
        assertThat(operating.isAttributeReadAllowed(new ObjectName(bean), attribute)).isFalse();
    }

    @ParameterizedTest(name = "{1} of {0}: looking {2}, operating {3}")
    @CsvSource(delimiter = '|', value = {
        "org.apache.camel:context=miner,type=context,name=\"miner\" | dumpRoutesAsXml()                        | true  | true",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | dumpRoutesStatsAsXml                     | true  | true",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | dumpRoutesAsXml(boolean)                 | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | dumpRoutesAsXml(boolean,boolean)         | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | stop()                                   | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | restart()                                | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | suspend()                                | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | sendBody(java.lang.String,java.lang.Object) | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | requestBody                              | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | createEndpoint(java.lang.String)         | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | setTracing(java.lang.Boolean)            | false | false",
        "org.apache.camel:context=miner,type=context,name=\"miner\" | addOrUpdateRoutesFromXml                 | false | false",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | dumpRouteAsXml()                         | true  | true",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | dumpRouteAsXml(boolean)                  | false | false",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | start()                                  | false | true",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | stop()                                   | false | true",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | suspend()                                | false | true",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | remove()                                 | false | false",
        "org.apache.camel:context=miner,type=routes,name=\"x\"      | updateRouteFromXml(java.lang.String)     | false | false",
        "org.apache.camel:context=daemon,type=routes,name=\"x\"     | stop()                                   | false | false",
        "org.apache.camel:context=*,type=routes,name=\"x\"          | stop()                                   | false | false",
        "org.apache.camel:context=miner,type=routes,*               | stop()                                   | false | false",
        "org.apache.camel:context=miner,type=routegroups,name=\"x\" | stop()                                   | false | false",
        "org.apache.camel:context=miner,type=processors,name=\"x\"  | disable()                                | false | false",
        "org.apache.camel:context=miner,type=threadpools,name=\"x\" | purge()                                  | false | false",
        "org.apache.camel:context=miner,type=endpoints,name=\"x\"   | browseAllMessagesAsXml(java.lang.Boolean) | false | false",
        "org.apache.camel:context=miner,type=services,name=DefaultInflightRepository | browse()                | true  | true",
        "quartz:type=QuartzScheduler,name=caravan-miner,instance=1  | getTriggerState                          | true  | true",
        "quartz:type=QuartzScheduler,name=caravan-miner,instance=1  | pauseAllTriggers()                       | false | false",
        "quartz:type=QuartzScheduler,name=caravan-miner,instance=1  | scheduleBasicJob(java.util.Map,java.util.Map) | false | false",
        "quartz:type=QuartzScheduler,name=caravan-miner,instance=1  | standby()                                | false | false",
        "java.lang:type=Threading                                   | dumpAllThreads(boolean,boolean)          | true  | true",
        "java.lang:type=Memory                                      | gc()                                     | false | false",
        "com.sun.management:type=HotSpotDiagnostic                  | dumpHeap(java.lang.String,boolean)       | false | false",
        "com.sun.management:type=DiagnosticCommand                  | vmSystemProperties                       | false | false"})
    void letsOnlyThoseWhoMayOperateChangeWhatRuns(String bean, String operation, boolean look, boolean operate) throws Exception {
        assertThat(looking.isOperationAllowed(new ObjectName(bean), operation)).isEqualTo(look);
        assertThat(operating.isOperationAllowed(new ObjectName(bean), operation)).isEqualTo(operate);
    }

    @ParameterizedTest
    @EnumSource(value = RequestType.class, names = {"WRITE", "CONFIG", "NOTIFICATION"})
    void nothingIsWrittenAndNobodyIsSubscribed(RequestType type) {
        assertThat(operating.isTypeAllowed(type)).isFalse();
    }

    @Test
    void beansWithoutARuleAreNotEvenListed() throws Exception {
        assertThat(operating.isObjectNameHidden(new ObjectName("com.sun.management:type=HotSpotDiagnostic"))).isTrue();
        assertThat(operating.isObjectNameHidden(new ObjectName("org.apache.camel:context=daemon,type=context,name=\"daemon\""))).isTrue();
        assertThat(operating.isObjectNameHidden(new ObjectName(ROUTE))).isFalse();
    }

    @Test
    void whatStartsAndStopsIsAnActAndWhatOnlyTellsIsNone() throws Exception {
        assertThat(looking.isAct(new ObjectName(ROUTE), "stop()")).isTrue();
        assertThat(looking.isAct(new ObjectName(ROUTE), "dumpRouteAsXml()")).isFalse();
    }

    @Test
    void aRoleWithoutASchedulerSeesNone() throws Exception {
        JmxPolicy devnet = new JmxPolicy(new OwnBeans("devnet", "devnet", Optional.empty()), true);
        assertThat(devnet.isObjectNameHidden(new ObjectName("quartz:type=QuartzScheduler,name=caravan-miner,instance=1"))).isTrue();
    }
}
