package io.caravan.camel;

import io.caravan.model.Sector;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Puts the oldest sector whose turn has come into the body, or null, and settles it when the exchange has ended: by
 * then it moved, or it is looked at later, or it failed and is tried later.
 */
final class SectorClaimProducer extends DefaultProducer {

    private final SectorTurnstile turnstile;
    private final Settler<Sector> settler;
    private final TurnScheduler scheduler;

    SectorClaimProducer(SectorEndpoint endpoint, SectorTurnstile turnstile, TurnScheduler scheduler, Clock clock) {
        super(endpoint);
        this.turnstile = turnstile;
        this.settler = new Settler<>(turnstile, clock);
        this.scheduler = scheduler;
    }

    @Override
    public void process(Exchange exchange) {
        List<Sector> turn = turnstile.claim(1);
        exchange.removeProperty(Settler.FIRED);
        if (turn.isEmpty()) {
            exchange.getMessage().setBody(null);
            return;
        }
        Sector sector = turn.get(0);
        ScheduledFuture<?> renewal = scheduler.every(turnstile.lease().dividedBy(3), () -> turnstile.renew(sector));
        exchange.setProperty(Settler.CLAIMED, sector);
        exchange.getMessage().setBody(sector);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                renewal.cancel(false);
                settler.settle(sector, done, !isRunAllowed());
            }
        });
    }
}
