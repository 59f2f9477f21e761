package io.caravan.node;

import io.caravan.camel.RouteHalts;
import io.caravan.devnet.DevnetNode;
import io.caravan.node.hawtio.HawtioPage;
import io.caravan.node.hawtio.TokenSessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The devnet's Camel context: its clock rings a route that makes the block, so that the chain is seen and stopped like the roles. */
final class DevnetRoutes implements AutoCloseable {

    private static final String NAME = "devnet";
    private static final String ROUTE = "tick-block";
    private static final String DOOR = "direct:block";

    private static final List<String> FILES = List.of("routes/errors.camel.yaml", "routes/devnet/1-mine.camel.yaml");

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final RouteHalts halts;
    private final HawtioPage page;
    private final ProducerTemplate door;

    /** Starts them; from then on the node's ticks go through. */
    DevnetRoutes(DevnetNode node, DevnetBlocks blocks, Clock clock) {
        camel.setNameStrategy(new ExplicitCamelContextNameStrategy(NAME));
        camel.getRegistry().bind("devnetBlocks", blocks);
        camel.setSourceLocationEnabled(true);
        halts = RouteHalts.of(camel, clock);
        try {
            PluginHelper.getRoutesLoader(camel).loadRoutes(FILES.stream().map(this::file).toList());
            camel.start();
        } catch (Exception e) {
            throw new StartException("the routes of the devnet do not start: " + e.getMessage(), e);
        }
        door = camel.createProducerTemplate();
        page = new HawtioPage(NAME, camel, new TokenSessions(NAME, node::rights, clock)).telling(halts::asked);
        node.serve(HawtioPage.PREFIX, page);
        node.tickBy(this::ring);
    }

    /** The one beside the launcher, so that what a person edits is what runs after the next start; else that in the jar. */
    private Resource file(String name) {
        Path beside = Path.of(System.getProperty("caravan.dir", "."), name);
        return ResourceHelper.resolveResource(camel, Files.exists(beside) ? "file:" + beside : "classpath:" + name);
    }

    /** A route that somebody stopped leaves the block: the chain stands still. */
    private void ring(Runnable block) {
        if (!camel.isStarted() || !camel.getRouteController().getRouteStatus(ROUTE).isStarted()) {
            return;
        }
        Exchange exchange = door.send(DOOR, one -> one.getMessage().setBody(block));
        if (exchange.getException() != null) {
            throw new IllegalStateException(exchange.getException().getMessage(), exchange.getException());
        }
    }

    CamelContext context() {
        return camel;
    }

    /** Which of them somebody stopped. */
    RouteHalts halts() {
        return halts;
    }

    @Override
    public void close() {
        page.close();
        camel.stop();
    }
}
