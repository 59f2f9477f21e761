package io.caravan.camel;

import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.store.DealStore;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Fires its events at the deal in the body; the body is then the deal as stored. */
final class DealProducer extends DefaultProducer {

    private final DealStore store;
    private final List<DealEvent> events;

    DealProducer(DealEndpoint endpoint, DealStore store, List<DealEvent> events) {
        super(endpoint);
        this.store = store;
        this.events = events;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Deal deal = exchange.getMessage().getMandatoryBody(Deal.class);
        Deal stored = store.advance(deal, events.toArray(DealEvent[]::new));
        exchange.setProperty(Settler.FIRED, stored);
        exchange.getMessage().setBody(stored);
    }
}
