package io.caravan.camel;

import io.caravan.model.Sector;
import io.caravan.time.Alarms.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Puts the oldest sector whose turn has come into the body, or ends the route there when there is none. Settles the
 * sector when the exchange has ended: by then it moved, or it is looked at later, or it failed and is tried later. As
 * long as it finds sectors, and whenever one comes into its state, it has Quartz run its route again at once.
 */
final class SectorClaimProducer extends DefaultProducer {

    private final SectorTurnstile turnstile;
    private final Settler<Sector> settler;
    private final TurnScheduler scheduler;
    private final Clock clock;
    private final QuartzAlarm alarm;

    SectorClaimProducer(SectorEndpoint endpoint, SectorTurnstile turnstile, TurnScheduler scheduler, Clock clock) {
        super(endpoint);
        this.turnstile = turnstile;
        this.settler = new Settler<>(turnstile, clock);
        this.scheduler = scheduler;
        this.clock = clock;
        this.alarm = new QuartzAlarm(endpoint.getCamelContext(), turnstile.state());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduler.add(turnstile.state(), () -> scheduler.soon(alarm::ring));
    }

    @Override
    protected void doStop() throws Exception {
        scheduler.remove(turnstile.state());
        super.doStop();
    }

    @Override
    public void process(Exchange exchange) {
        alarm.heard();
        List<Sector> turn = turnstile.claim(1);
        exchange.removeProperty(Settler.FIRED);
        exchange.removeProperty(Settler.LATER);
        if (turn.isEmpty()) {
            exchange.getMessage().setBody(null);
            exchange.setRouteStop(true);
            return;
        }
        Sector sector = turn.get(0);
        scheduler.soon(alarm::ring); // there may be more
        Alarm renewal = scheduler.every(turnstile.lease().dividedBy(3), () -> turnstile.renew(sector));
        exchange.setProperty(Settler.CLAIMED, sector);
        exchange.getMessage().setBody(sector);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                renewal.cancel();
                settler.settle(sector, done, !isRunAllowed()).ifPresent(next ->
                        scheduler.in(Duration.between(clock.instant(), next), alarm::ring));
            }
        });
    }
}
