package io.caravan.camel;

import io.caravan.time.Timeline;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.TimeUtils;

/**
 * Runs routes again and again on a {@link Timeline}, and when they are rung for. To be bound under the name of a component
 * that runs routes by the machine's clock, {@code quartz} or {@code timer}, where time is not the machine's; of the options
 * of the component it stands in for it knows {@code period} only.
 */
public final class TickComponent extends DefaultComponent {

    private final Timeline timeline;
    private final Duration period;

    /** @param period from the end of one run of a route to the next, where the route does not say */
    public TickComponent(Timeline timeline, Duration period) {
        this.timeline = timeline;
        this.period = period;
        setAutowiredEnabled(false); // Camel would set the options of the component we stand in for
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        Object own = parameters.get("period");
        parameters.clear();
        return new TickEndpoint(uri, this, own == null ? period : TimeUtils.toDuration(own.toString()));
    }

    Timeline timeline() {
        return timeline;
    }
}
