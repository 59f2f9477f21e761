package io.caravan.camel;

import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.store.SectorStore;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Fires its events at the sector in the body; the body is then the sector as stored. */
final class SectorProducer extends DefaultProducer {

    private final SectorStore store;
    private final List<SectorEvent> events;

    SectorProducer(SectorEndpoint endpoint, SectorStore store, List<SectorEvent> events) {
        super(endpoint);
        this.store = store;
        this.events = events;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Sector sector = exchange.getMessage().getMandatoryBody(Sector.class);
        Sector stored = store.advance(sector, events.toArray(SectorEvent[]::new));
        exchange.setProperty(Settler.FIRED, stored);
        exchange.getMessage().setBody(stored);
    }
}
