package io.caravan.camel;

import io.caravan.time.Timeline;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * Runs routes again and again on a {@link Timeline}, and when they are rung for. To be bound under the name of a component
 * that runs routes by the machine's clock, {@code quartz} or {@code timer}, where time is not the machine's; the options of
 * the component it stands in for mean nothing to it.
 */
public final class TickComponent extends DefaultComponent {

    private final Timeline timeline;
    private final Duration period;

    /** @param period from the end of one run of a route to the next */
    public TickComponent(Timeline timeline, Duration period) {
        this.timeline = timeline;
        this.period = period;
        setAutowiredEnabled(false); // Camel would set the options of the component we stand in for
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        parameters.clear();
        return new TickEndpoint(uri, this);
    }

    Timeline timeline() {
        return timeline;
    }

    Duration period() {
        return period;
    }
}
