package io.caravan.camel;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.Flow;
import io.caravan.model.RejectedException;
import io.caravan.store.DealStore;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a deal's phase after an exception that trying again cannot help: a rejection fires DealRejected, a fatal failure
 * the event that it names, where the state knows it; anything else the state's own way to give up. The deal's message is what the other side may read, the
 * history keeps the detail.
 */
final class DealFailProducer extends DefaultProducer {

    private final DealStore store;

    DealFailProducer(DealEndpoint endpoint, DealStore store) {
        super(endpoint);
        this.store = store;
    }

    @Override
    public void process(Exchange exchange) {
        Deal deal = Claimed.latest(exchange, Deal.class);
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Throwable failure = caught == null ? new IllegalStateException("no reason was given") : Settler.phaseFailure(caught);
        DealEvent event = event(deal, failure);
        String detail = failure instanceof RejectedException refusal ? refusal.detailForUs() : failure.getMessage();
        Deal stored = store.advanceBecause(deal.withMessage(failure.getMessage()), detail, event);
        exchange.setProperty(Settler.FIRED, stored);
        exchange.getMessage().setBody(stored);
    }

    /** What a failure fires in the deal's state. */
    static DealEvent event(Deal deal, Throwable failure) {
        Flow<DealState, DealEvent> flow = DealFlow.of(deal.role());
        return Optional.ofNullable(named(failure)).filter(named -> flow.step(deal.state(), named).isPresent())
                .orElseGet(() -> flow.failure(deal.state()).orElseThrow());
    }

    /** The event that the failure itself asks for. */
    private static @Nullable DealEvent named(Throwable failure) {
        return failure instanceof RejectedException ? DealEvent.DEAL_REJECTED
                : failure instanceof FatalException fatal ? fatal.event() : null;
    }
}
