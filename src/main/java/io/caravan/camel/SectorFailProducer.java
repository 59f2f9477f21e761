package io.caravan.camel;

import io.caravan.model.Sector;
import io.caravan.model.SectorFlow;
import io.caravan.store.SectorStore;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Ends a sector's step after an exception that trying again cannot help: fires the state's own way to give up. */
final class SectorFailProducer extends DefaultProducer {

    private final SectorStore store;

    SectorFailProducer(SectorEndpoint endpoint, SectorStore store) {
        super(endpoint);
        this.store = store;
    }

    @Override
    public void process(Exchange exchange) {
        Sector sector = Claimed.latest(exchange, Sector.class);
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String reason = caught == null ? "no reason was given" : Settler.phaseFailure(caught).getMessage();
        Sector stored = store.advanceBecause(sector.withMessage(reason), reason,
                SectorFlow.SECTOR.failure(sector.state()).orElseThrow());
        exchange.setProperty(Settler.FIRED, stored);
        exchange.getMessage().setBody(stored);
    }
}
