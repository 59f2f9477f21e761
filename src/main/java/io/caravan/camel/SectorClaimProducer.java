package io.caravan.camel;

import io.caravan.model.Sector;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Puts the oldest sector whose turn has come into the body, or ends the route there when there is none, or when this
 * process is at work on as many of this state as it may be. Settles the sector when the exchange has ended: by then it
 * moved, or it is looked at later, or it failed and is tried later. As long as it finds sectors, and whenever one comes
 * into its state, its route runs again at once in this process, whatever the nodes beside it do.
 */
final class SectorClaimProducer extends DefaultProducer {

    private final SectorComponent component;
    private final SectorTurnstile turnstile;
    private final Settler<Sector> settler;
    private final TurnScheduler scheduler;
    private final Clock clock;
    private final Semaphore free;
    private final RouteAlarm alarm;

    /** @param concurrency most sectors at a time */
    SectorClaimProducer(SectorEndpoint endpoint, SectorTurnstile turnstile, int concurrency) {
        super(endpoint);
        this.component = endpoint.getComponent();
        this.turnstile = turnstile;
        this.clock = component.timeline().clock();
        this.settler = new Settler<>(turnstile, clock);
        this.scheduler = component.scheduler();
        this.free = new Semaphore(concurrency);
        this.alarm = new RouteAlarm(endpoint.getCamelContext(), turnstile.state(), component.timeline(), concurrency);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        alarm.open();
        scheduler.add(turnstile.state(), () -> scheduler.soon(alarm::ring));
    }

    @Override
    protected void doStop() throws Exception {
        scheduler.remove(turnstile.state());
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        alarm.close();
        super.doShutdown();
    }

    @Override
    public void process(Exchange exchange) {
        alarm.heard();
        exchange.removeProperty(Settler.FIRED);
        exchange.removeProperty(Settler.LATER);
        if (!free.tryAcquire()) {
            stop(exchange); // whoever ends next looks again
            return;
        }
        boolean isTaken = false;
        try {
            List<Sector> turn = turnstile.claim(1);
            if (turn.isEmpty()) {
                stop(exchange);
                return;
            }
            work(exchange, turn.get(0));
            isTaken = true;
        } finally {
            if (!isTaken) {
                free.release();
            }
        }
        scheduler.soon(alarm::ring); // there may be more
    }

    private static void stop(Exchange exchange) {
        exchange.getMessage().setBody(null);
        exchange.setRouteStop(true);
    }

    private void work(Exchange exchange, Sector sector) {
        StepLease lease = component.kept(turnstile, sector);
        exchange.setProperty(Settler.CLAIMED, sector);
        exchange.getMessage().setBody(sector);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                lease.end();
                try {
                    settler.settle(sector, done, !isRunAllowed()).ifPresent(next ->
                            scheduler.in(Duration.between(clock.instant(), next), alarm::ring));
                } finally {
                    free.release();
                    scheduler.soon(alarm::ring);
                }
            }
        });
    }
}
