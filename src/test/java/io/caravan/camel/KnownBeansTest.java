package io.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class KnownBeansTest {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    @Test
    void eachStepShowsItsOwnFiguresThoughItsClassIsDescribedOnce() throws Exception {
        try (CamelContext context = started(new LiveContext(Clock.systemUTC()))) {
            context.createProducerTemplate().sendBody("direct:often", "one");
            context.createProducerTemplate().sendBody("direct:often", "two");
            assertThat(SERVER.getAttribute(step(context, "often-step"), "ExchangesTotal")).isEqualTo(2L);
            assertThat(SERVER.getAttribute(step(context, "never-step"), "ExchangesTotal")).isEqualTo(0L);
            assertThat(SERVER.getAttribute(step(context, "never-step"), "ProcessorId")).isEqualTo("never-step");
            SERVER.invoke(step(context, "often-step"), "reset", new Object[0], new String[0]);
            assertThat(SERVER.getAttribute(step(context, "often-step"), "ExchangesTotal")).isEqualTo(0L);
        }
    }

    @Test
    void everyBeanShowsWhatCamelsOwnShow() throws Exception {
        try (CamelContext ours = started(new LiveContext(Clock.systemUTC())); CamelContext theirs = started(new DefaultCamelContext())) {
            List<ObjectName> beans = SERVER.queryNames(new ObjectName("org.apache.camel:context=" + ours.getManagementName() + ",*"), null)
                    .stream().filter(name -> List.of("routes", "processors", "endpoints").contains(name.getKeyProperty("type"))).toList();
            assertThat(beans).hasSize(6);
            for (ObjectName bean : beans) {
                ObjectName twin = new ObjectName(bean.toString().replace("context=" + ours.getManagementName(), "context=" + theirs.getManagementName()));
                assertThat(shown(SERVER.getMBeanInfo(bean).getAttributes())).as("%s", bean).isEqualTo(shown(SERVER.getMBeanInfo(twin).getAttributes()));
                assertThat(shown(SERVER.getMBeanInfo(bean).getOperations())).as("%s", bean).isEqualTo(shown(SERVER.getMBeanInfo(twin).getOperations()));
                assertThat(SERVER.getMBeanInfo(bean).getDescription()).isEqualTo(SERVER.getMBeanInfo(twin).getDescription());
            }
        }
    }

    private static CamelContext started(CamelContext context) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:often").routeId("often").setHeader("seen").constant("yes").id("often-step");
                from("direct:never").routeId("never").setHeader("seen").constant("yes").id("never-step");
            }
        });
        context.start();
        return context;
    }

    private static ObjectName step(CamelContext context, String id) throws Exception {
        return new ObjectName("org.apache.camel:context=" + context.getManagementName() + ",type=processors,name=\"" + id + "\"");
    }

    private static List<String> shown(MBeanFeatureInfo[] features) {
        return Arrays.stream(features).sorted(Comparator.comparing(MBeanFeatureInfo::toString)).map(Object::toString).toList();
    }
}
