package io.caravan.camel;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Flow.Step;
import io.caravan.model.Kind;
import io.caravan.model.PhaseException;
import io.caravan.model.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Stands where {@code deal:} stands, for candidates of phases that only say what they would do: no deal is claimed, none
 * moves. To be bound under the name {@code deal} in a context of the candidate's own.
 */
public final class ShadowComponent extends DefaultComponent {

    /** What a candidate says that did not decide. */
    public static final String WAITS = "waits";
    public static final String TRIES_AGAIN = "tries again";
    public static final String ERROR = "error";

    private static final String SAID = "caravan.said";

    /**
     * What a phase makes of a deal.
     *
     * @param decision the wire name of the state it goes to, or one of the words above
     */
    public record Verdict(String decision, @Nullable String reason) {

        /** Whether the deal would have moved. */
        public boolean isDecided() {
            return !Set.of(WAITS, TRIES_AGAIN, ERROR).contains(decision);
        }
    }

    private final Role role;
    private final Map<DealState, Processor> phases = new ConcurrentHashMap<>();

    public ShadowComponent(Role role) {
        this.role = role;
    }

    /** The states whose phase the started context has. */
    public Set<DealState> states() {
        return Set.copyOf(phases.keySet());
    }

    /** Runs the phase of the deal's state on this thread. */
    public Verdict run(Deal deal) {
        Exchange exchange = new DefaultExchange(getCamelContext());
        exchange.getMessage().setBody(deal);
        exchange.setProperty(Settler.CLAIMED, deal);
        try {
            phases.get(deal.state()).process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() == null) {
            Verdict said = exchange.getProperty(SAID, Verdict.class);
            return said == null ? new Verdict(WAITS, waitsFor(exchange)) : said;
        }
        Throwable failure = Settler.phaseFailure(exchange.getException());
        return new Verdict(failure instanceof PhaseException ? TRIES_AGAIN : ERROR, failure.toString());
    }

    private static @Nullable String waitsFor(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Deal left ? left.waiting().what() : null;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String target, Map<String, Object> parameters) {
        parameters.clear(); // how often and how many is the live route's matter
        return new DefaultEndpoint(uri, this) {
            @Override
            public Consumer createConsumer(Processor route) {
                DealState state = DealState.ofName(target);
                Kind kind = state.kind(role);
                if (kind != Kind.WORK && kind != Kind.WAIT) {
                    throw new IllegalArgumentException("a " + role.text() + "'s deal does nothing in " + state);
                }
                return new DefaultConsumer(this, route) {
                    @Override
                    protected void doStart() throws Exception {
                        super.doStart();
                        if (phases.putIfAbsent(state, getProcessor()) != null) {
                            throw new IllegalArgumentException("two routes of the candidate serve " + state);
                        }
                    }
                };
            }

            @Override
            public Producer createProducer() {
                boolean isFail = target.equals(Events.FAIL);
                List<DealEvent> events = isFail ? List.of() : Events.parse(this, target, DealEvent::ofName, DealFlow.of(role));
                return new DefaultProducer(this) {
                    @Override
                    public void process(Exchange exchange) {
                        exchange.setProperty(SAID, isFail ? failed(exchange) : fired(exchange, events));
                    }
                };
            }
        };
    }

    private Verdict fired(Exchange exchange, List<DealEvent> events) {
        Deal deal = exchange.getProperty(Settler.CLAIMED, Deal.class);
        List<Step<DealState, DealEvent>> path = DealFlow.of(role).walk(deal.state(), events);
        return new Verdict(path.get(path.size() - 1).to().wireName(), null);
    }

    private Verdict failed(Exchange exchange) {
        Deal deal = exchange.getProperty(Settler.CLAIMED, Deal.class);
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Throwable failure = caught == null ? new IllegalStateException("no reason was given") : Settler.phaseFailure(caught);
        DealState to = DealFlow.of(role).next(deal.state(), DealFailProducer.event(deal, failure)).orElseThrow();
        return new Verdict(to.wireName(), failure.getMessage());
    }
}
