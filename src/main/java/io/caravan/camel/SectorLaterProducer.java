package io.caravan.camel;

import io.caravan.store.LeaseLostException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Ends a step that is only to be tried again: for Quartz the job is done well, the failure is kept for whoever settles the
 * sector, and the log has one line a minute.
 */
final class SectorLaterProducer extends DefaultProducer {

    private final CalmLog log;

    SectorLaterProducer(SectorEndpoint endpoint, CalmLog log) {
        super(endpoint);
        this.log = log;
    }

    @Override
    public void process(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Throwable failure = caught == null ? new IllegalStateException("no reason was given") : Settler.phaseFailure(caught);
        exchange.setProperty(Settler.LATER, failure);
        if (!(failure instanceof LeaseLostException)) {
            log.later(String.valueOf(exchange.getFromRouteId()), failure);
        }
    }
}
