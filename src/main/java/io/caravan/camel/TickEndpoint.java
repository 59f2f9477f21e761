package io.caravan.camel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The moments of one route; see {@link TickComponent}. */
final class TickEndpoint extends DefaultEndpoint {

    private final List<TickConsumer> consumers = new CopyOnWriteArrayList<>();

    private final Duration period;

    TickEndpoint(String uri, TickComponent component, Duration period) {
        super(uri, component);
        this.period = period;
    }

    /** From the end of one run to the next. */
    Duration period() {
        return period;
    }

    @Override
    public TickComponent getComponent() {
        return (TickComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        TickConsumer consumer = new TickConsumer(this, route, consumers);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(getEndpointUri() + " only begins routes");
    }

    /** Runs the route soon. */
    void ring() {
        consumers.forEach(TickConsumer::soon);
    }
}
