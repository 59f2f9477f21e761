package io.caravan.camel;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Flow;
import io.caravan.model.RejectedException;
import io.caravan.store.DealStore;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Ends a deal's phase after an exception that trying again cannot help: a rejection fires DealRejected where the state
 * knows it, anything else the state's own way to give up. The deal's message is what the other side may read, the
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
        Flow<DealState, DealEvent> flow = DealFlow.of(deal.role());
        boolean rejected = failure instanceof RejectedException
                && flow.step(deal.state(), DealEvent.DEAL_REJECTED).isPresent();
        DealEvent event = rejected ? DealEvent.DEAL_REJECTED : flow.failure(deal.state()).orElseThrow();
        String detail = failure instanceof RejectedException refusal ? refusal.detailForUs() : failure.getMessage();
        Deal stored = store.advanceBecause(deal.withMessage(failure.getMessage()), detail, event);
        exchange.setProperty(Settler.FIRED, stored);
        exchange.getMessage().setBody(stored);
    }
}
