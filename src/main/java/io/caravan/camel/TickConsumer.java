package io.caravan.camel;

import io.caravan.time.Alarms;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one route at its moments, one run at a time, as its alarms have one thread. */
final class TickConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(TickConsumer.class);

    private final TickEndpoint endpoint;
    private final List<TickConsumer> running;
    private Alarms alarms;

    /** @param running holds this consumer while it is started */
    TickConsumer(TickEndpoint endpoint, Processor route, List<TickConsumer> running) {
        super(endpoint, route);
        this.endpoint = endpoint;
        this.running = running;
        this.alarms = newAlarms();
    }

    private Alarms newAlarms() {
        return endpoint.getComponent().timeline().alarms("tick", 1);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        alarms.close();
        alarms = newAlarms();
        alarms.every(endpoint.period(), this::tick);
        running.add(this);
    }

    @Override
    protected void doStop() throws Exception {
        running.remove(this);
        alarms.close();
        super.doStop();
    }

    void soon() {
        alarms.in(Duration.ZERO, this::tick);
    }

    private void tick() {
        Exchange exchange = createExchange(false);
        try {
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                LOG.debug("{} failed, it runs again at its next moment", getEndpoint(), failure);
            }
        } catch (Exception e) {
            LOG.warn("{} failed, it runs again at its next moment: {}", getEndpoint(), e.getMessage());
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
