package io.caravan.camel;

import io.caravan.model.Kind;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
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
import org.jspecify.annotations.Nullable;

/** A state of a sector to claim from, or the events to fire at one. A wrong name fails when the route is built. */
@UriEndpoint(firstVersion = "0.1.0", scheme = "sector", title = "Sector", syntax = "sector:target", remote = false)
public class SectorEndpoint extends DefaultEndpoint {

    private static final String CLAIM = "claim/";
    private static final String LATER = "later";

    @UriPath(description = "claim/<State>, fire/<Event>[,<Event>], fail, or a state's name.")
    @Metadata(required = true)
    private final String target;

    @UriParam(enums = "staging,computing,submitting,landing,faulty",
            description = "Only sectors that stand there inside the state; any if left out.")
    private @Nullable SectorStage within;

    @UriParam(defaultValue = "1", description = "Most sectors of this state worked on at a time in this process.")
    private int concurrency = 1;

    @UriParam(description = "How long a sector is ours before another node may take it, renewed while its step runs; "
            + "sealing.lease if left out.")
    private @Nullable Duration lease;

    @UriParam(defaultValue = "1s", description = "How long to wait before looking again at a sector that did not move.")
    private Duration delay = Duration.ofSeconds(1);

    SectorEndpoint(String uri, SectorComponent component, String target) {
        super(uri, component);
        this.target = target;
    }

    @Override
    public SectorComponent getComponent() {
        return (SectorComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        SectorState state = workable(target);
        RouteSteps.endpoints(route).forEach(step -> refuseWrongEvents(state, step));
        var consumer = new TurnConsumer<>(this, route, turnstile(state), getComponent().scheduler(),
                getComponent().timeline(), getComponent().watch(), concurrency, concurrency);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (target.startsWith(CLAIM)) {
            return new SectorClaimProducer(this, turnstile(workable(target.substring(CLAIM.length()))), concurrency);
        }
        if (target.equals(Events.FAIL)) {
            return new SectorFailProducer(this, getComponent().store());
        }
        if (target.equals(LATER)) {
            return new SectorLaterProducer(this, getComponent().calmLog());
        }
        return new SectorProducer(this, getComponent().store(), events());
    }

    private List<SectorEvent> events() {
        return Events.parse(this, target, SectorEvent::ofName, SectorFlow.SECTOR);
    }

    private SectorState workable(String name) {
        SectorState state = SectorState.ofName(name);
        if (state.kind() == Kind.END) {
            throw new IllegalArgumentException(getEndpointUri() + ": nothing is done to a sector in " + state);
        }
        return state;
    }

    private SectorTurnstile turnstile(SectorState state) {
        return new SectorTurnstile(getComponent().store(), state, within, lease == null ? getComponent().lease() : lease, delay);
    }

    private void refuseWrongEvents(SectorState state, Endpoint step) {
        if (step instanceof SectorEndpoint fired && !fired.target.equals(Events.FAIL) && !fired.target.equals(LATER)
                && !Events.isLegal(SectorFlow.SECTOR, state, fired.events())) {
            throw new IllegalArgumentException("the route of " + state + " fires " + fired.events()
                    + ", which a sector does not react to there");
        }
    }

    public String getTarget() {
        return target;
    }

    public @Nullable String getStage() {
        return within == null ? null : within.text();
    }

    public void setStage(String stage) {
        this.within = SectorStage.of(stage);
    }

    public int getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public @Nullable Duration getLease() {
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
