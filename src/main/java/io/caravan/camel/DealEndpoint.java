package io.caravan.camel;

import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Flow;
import io.caravan.model.Kind;
import io.caravan.model.Role;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** A state of a deal (from), or the events to fire at one (to). A wrong name fails when the route is built. */
@UriEndpoint(firstVersion = "0.1.0", scheme = "deal", title = "Deal", syntax = "deal:target", remote = false)
public class DealEndpoint extends DefaultEndpoint {

    @UriPath(description = "A state's name, fire/<Event>[,<Event>], or fail.")
    @Metadata(required = true)
    private final String target;

    @UriParam(enums = "client,provider", description = "The side of the market; the component's own if left out.")
    private Role side;

    @UriParam(label = "consumer", defaultValue = "10", description = "Most deals leased by one look.")
    private int batch = 10;

    @UriParam(label = "consumer", defaultValue = "4", description = "Most deals of this state worked on at a time.")
    private int concurrency = 4;

    @UriParam(label = "consumer", defaultValue = "1m",
            description = "How long a deal is ours before another node may take it; renewed while its phase runs.")
    private Duration lease = Duration.ofMinutes(1);

    @UriParam(label = "consumer", defaultValue = "1s",
            description = "How long to wait before looking again at a deal that did not move.")
    private Duration delay = Duration.ofSeconds(1);

    DealEndpoint(String uri, DealComponent component, String target) {
        super(uri, component);
        this.target = target;
        this.side = component.role();
    }

    @Override
    public DealComponent getComponent() {
        return (DealComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        DealState state = DealState.ofName(target);
        Kind kind = state.kind(side);
        if (kind != Kind.WORK && kind != Kind.WAIT) {
            throw new IllegalArgumentException(getEndpointUri() + ": a " + side.text() + "'s deal does nothing in "
                    + state + ", no route can serve it");
        }
        RouteSteps.endpoints(route).forEach(step -> refuseWrongEvents(state, step));
        var turnstile = new DealTurnstile(getComponent().store(), side, state, getComponent().chain(), lease, delay);
        var consumer = new TurnConsumer<>(this, route, turnstile, getComponent().scheduler(),
                getComponent().timeline(), getComponent().watch(), batch, concurrency);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        Flow<DealState, DealEvent> flow = DealFlow.of(side);
        if (target.equals(Events.FAIL)) {
            return new DealFailProducer(this, getComponent().store());
        }
        return new DealProducer(this, getComponent().store(), Events.parse(this, target, DealEvent::ofName, flow));
    }

    private void refuseWrongEvents(DealState state, Endpoint step) {
        if (step instanceof DealEndpoint fired && !fired.target.equals(Events.FAIL)) {
            List<DealEvent> events = Events.parse(fired, fired.target, DealEvent::ofName, DealFlow.of(side));
            if (!Events.isLegal(DealFlow.of(side), state, events)) {
                throw new IllegalArgumentException("the route of " + state + " fires " + events
                        + ", which a " + side.text() + "'s deal does not react to there");
            }
        }
    }

    public String getTarget() {
        return target;
    }

    public String getRole() {
        return side.text();
    }

    /** Refuses a side that does not exist, and one that this component does not serve. */
    public void setRole(String role) {
        if (Role.of(role) != side) {
            throw new IllegalArgumentException(getEndpointUri() + ": this node keeps the " + side.text()
                    + "'s deals, not the " + role + "'s");
        }
    }

    public int getBatch() {
        return batch;
    }

    public void setBatch(int batch) {
        this.batch = batch;
    }

    public int getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public Duration getLease() {
        return lease;
    }

    public void setLease(Duration lease) {
        this.lease = lease;
    }

    public Duration getDelay() {
        return delay;
    }

    public void setDelay(Duration delay) {
        this.delay = delay;
    }
}
