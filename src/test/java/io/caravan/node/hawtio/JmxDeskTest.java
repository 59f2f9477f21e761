package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.node.hawtio.JmxDesk.Access;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real Jolokia on a real Camel context, with another one beside it. */
class JmxDeskTest {

    private static final String ROUTE = "org.apache.camel:context=desk-one,name=\\\"phase\\\",type=routes";
    private static final String STRANGE = "org.apache.camel:context=desk-two,name=\\\"phase\\\",type=routes";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static DefaultCamelContext one;
    private static DefaultCamelContext two;
    private static JmxDesk desk;
    private static final AtomicInteger ASKED = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        one = context("desk-one");
        two = context("desk-two");
        desk = new JmxDesk(() -> {
            ASKED.incrementAndGet();
            return OwnBeans.of("one", one);
        });
        assertThat(ASKED).hasValue(0); // nothing begins before somebody asks
    }

    private static DefaultCamelContext context(String name) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.setNameStrategy(new org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy(name));
        context.getPropertiesComponent().addInitialProperty("secret", "hunter2");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(IllegalStateException.class).handled(true).log("{{secret}}");
                from("direct:phase").routeId("phase").routeGroup("g").routeDescription("A phase.").log("{{secret}}");
            }
        });
        context.start();
        return context;
    }

    @AfterAll
    static void end() {
        desk.close();
        one.stop();
        two.stop();
    }

    private static JsonNode ask(Access access, String request) throws Exception {
        return JSON.readTree(desk.answer(access, "kim", "maxDepth=9&ignoreErrors=false&p=read/java.lang:type=Runtime", request.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusal(String request) {
        try {
            return "answered " + ask(Access.OPERATE, request);
        } catch (JmxDesk.RefusedException e) {
            return e.getMessage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsWhatARouteDoes() throws Exception {
        one.createProducerTemplate().sendBody("direct:phase", "x");
        JsonNode answer = ask(Access.LOOK, "{'type':'read','mbean':'" + ROUTE + "','attribute':['ExchangesTotal','Description','RouteGroup']}");
        assertThat(answer.path("status").asInt()).isEqualTo(200);
        assertThat(answer.at("/value/Description").asText()).isEqualTo("A phase.");
        assertThat(answer.at("/value/ExchangesTotal").asLong()).isPositive();
    }

    @Test
    void stopsAndStartsARouteForWhoMayAndForNobodyElse() throws Exception {
        String stop = "{'type':'exec','mbean':'" + ROUTE + "','operation':'stop()'}";
        List<String> told = new CopyOnWriteArrayList<>();
        desk.telling((route, who) -> told.add(who + " stopped " + route));
        assertThat(ask(Access.LOOK, stop).path("status").asInt()).isEqualTo(403);
        assertThat(one.getRouteController().getRouteStatus("phase")).isEqualTo(ServiceStatus.Started);
        assertThat(ask(Access.OPERATE, stop).path("status").asInt()).isEqualTo(200);
        assertThat(one.getRouteController().getRouteStatus("phase")).isEqualTo(ServiceStatus.Stopped);
        ask(Access.OPERATE, stop.replace("stop()", "start()"));
        assertThat(told).containsExactly("kim stopped phase");
        assertThat(one.getRouteController().getRouteStatus("phase")).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void doesNotTouchTheRoutesOfAnotherRoleInThisProcess() throws Exception {
        for (String bean : new String[] {STRANGE, "org.apache.camel:context=*,type=routes,name=\\\"phase\\\"", "org.apache.camel:context=desk-one,type=routes,*"}) {
            assertThat(ask(Access.OPERATE, "{'type':'exec','mbean':'" + bean + "','operation':'stop()'}").path("status").asInt()).isEqualTo(403);
        }
        assertThat(ask(Access.OPERATE, "{'type':'read','mbean':'" + STRANGE + "','attribute':'State'}").path("status").asInt()).isEqualTo(403);
        assertThat(two.getRouteController().getRouteStatus("phase")).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void listsAndFindsOnlyWhatIsOpen() throws Exception {
        JsonNode domains = ask(Access.OPERATE, "{'type':'list','config':{'maxDepth':9}}").path("value");
        assertThat(domains.fieldNames()).toIterable().contains("org.apache.camel", "java.lang")
                .doesNotContain("com.sun.management", "java.util.logging", "jdk.management.jfr", "JMImplementation", "jolokia");
        assertThat(domains.path("org.apache.camel").toString()).contains("desk-one").doesNotContain("desk-two");
        JsonNode found = ask(Access.LOOK, "{'type':'search','mbean':'*:*'}").path("value");
        assertThat(found.toString()).contains("desk-one").doesNotContain("desk-two").doesNotContain("HotSpotDiagnostic");
    }

    @Test
    void aReadOfManyBeansShowsNothingOfThoseThatAreClosed() throws Exception {
        String answer = ask(Access.OPERATE, "{'type':'read','mbean':'org.apache.camel:type=routes,*','attribute':'EndpointUri','config':{'ignoreErrors':true}}").toString();
        assertThat(answer).contains("direct://phase");
        JsonNode other = JSON.readTree(answer).path("value").path("org.apache.camel:context=desk-two,name=\"phase\",type=routes");
        assertThat(other.toString()).doesNotContain("direct://");
        String runtime = ask(Access.OPERATE, "{'type':'read','mbean':'java.lang:type=Runtime','config':{'ignoreErrors':true}}").toString();
        assertThat(runtime).contains("Uptime").doesNotContain("java.home").doesNotContain("-Xmx");
    }

    @Test
    void theSourceOfARouteShowsThePlaceholderAndNotWhatStandsBehindIt() throws Exception {
        String context = "org.apache.camel:context=desk-one,name=\\\"desk-one\\\",type=context";
        assertThat(ask(Access.LOOK, "{'type':'exec','mbean':'" + context + "','operation':'dumpRoutesAsXml()'}").path("value").asText())
                .contains("{{secret}}").doesNotContain("hunter2").doesNotContain("onException").contains("<log").contains("direct:phase");
        assertThat(ask(Access.OPERATE, "{'type':'exec','mbean':'" + context + "','operation':'dumpRoutesAsXml(boolean)','arguments':[true]}").toString())
                .doesNotContain("hunter2");
    }

    @Test
    void answersManyAtOnceEachByItself() throws Exception {
        JsonNode answers = ask(Access.OPERATE, "[{'type':'version'},{'type':'write','mbean':'java.lang:type=Memory','attribute':'Verbose','value':true},"
                + "{'type':'exec','mbean':'com.sun.management:type=HotSpotDiagnostic','operation':'dumpHeap','arguments':['/tmp/x.hprof',true]},"
                + "{'type':'read','mbean':'java.lang:type=Memory','attribute':'HeapMemoryUsage'}]");
        assertThat(answers).extracting(answer -> answer.path("status").asInt()).containsExactly(200, 403, 403, 200);
    }

    @Test
    void refusesWhatIsForAnotherMachineOrTooMuchOrNoRequest() {
        assertThat(refusal("{'type':'read','mbean':'java.lang:type=Memory','target':{'url':'service:jmx:rmi:///jndi/rmi://evil/x'}}"))
                .contains("no other machine");
        assertThat(refusal("[{'type':'version'},{'type':'version','target':null}]")).contains("no other machine");
        assertThat(refusal("[" + IntStream.range(0, JmxDesk.MOST + 1).mapToObj(i -> "{'type':'version'}").collect(Collectors.joining(",")) + "]"))
                .contains("at most " + JmxDesk.MOST);
        assertThat(refusal("[".repeat(5000))).contains("too deep");
        assertThat(refusal("'" + "x".repeat(JmxDesk.MAX_BODY) + "'")).contains("at most");
        assertThat(refusal("")).contains("object with a type");
        assertThat(refusal("nothing")).contains("not JSON");
        assertThat(refusal("7")).contains("object with a type");
        assertThat(refusal("{'type':'nonsense'}")).contains("does not understand");
    }

    @Test
    void aClosedDeskAnswersNobody() {
        JmxDesk closed = new JmxDesk(() -> OwnBeans.of("one", one));
        closed.close();
        assertThatThrownBy(() -> closed.version(Access.LOOK)).hasMessageContaining("stopping");
    }
}
