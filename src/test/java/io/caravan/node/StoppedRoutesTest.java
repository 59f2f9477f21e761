package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoppedRoutesTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final StoppedRoutes stops = new StoppedRoutes();

    @BeforeEach
    void start() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a").routeId("StorageDealPublish").log("a");
                from("direct:b").routeId("tick-track").log("b");
            }
        });
        camel.start();
    }

    @AfterEach
    void end() {
        camel.stop();
    }

    @Test
    void sayWhatADealWaitsForUntilTheRouteRunsAgain() throws Exception {
        assertThat(stops.of("StorageDealPublish")).isEmpty(); // nothing is watched yet
        stops.watch(camel);
        assertThat(stops.of("StorageDealPublish")).isEmpty();
        camel.getRouteController().stopRoute("StorageDealPublish");
        assertThat(stops.of("StorageDealPublish")).hasValueSatisfying(reason ->
                assertThat(reason).contains("the route StorageDealPublish, stopped on this node"));
        assertThat(stops.of("tick-track")).isEmpty();
        camel.getRouteController().startRoute("StorageDealPublish");
        assertThat(stops.of("StorageDealPublish")).isEmpty();
    }

    @Test
    void aSuspendedRouteIsNoBetter() throws Exception {
        stops.watch(camel);
        camel.getRouteController().suspendRoute("StorageDealPublish");
        assertThat(stops.of("StorageDealPublish")).hasValueSatisfying(reason -> assertThat(reason).contains("suspended"));
    }

    @Test
    void statesWithoutARouteAndANodeThatGoesDownAreNotComplainedAbout() {
        stops.watch(camel);
        assertThat(stops.of("StorageDealExpired")).isEmpty();
        camel.stop();
        assertThat(stops.of("StorageDealPublish")).isEmpty();
    }
}
