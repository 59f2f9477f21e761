package io.caravan.camel;

import io.caravan.model.LogScope;
import io.caravan.model.Sector;
import io.caravan.model.SectorStage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Puts the oldest sector whose turn has come into the body, or ends the route there when there is none, or when this
 * process is at work on as many of this state as it may be. Settles the sector when the exchange has ended: by then it
 * moved, or it is looked at later, or it failed and is tried later. As long as it finds sectors, and whenever one comes
 * into its state, its route runs again at once in this process, whatever the nodes beside it do. A sector whose
 * step computes is claimed only when this node has what that takes.
 */
final class SectorClaimProducer extends DefaultProducer {

    private final SectorComponent component;
    private final SectorTurnstile turnstile;
    private final StepGate gate;
    private final Settler<Sector> settler;
    private final TurnScheduler scheduler;
    private final Clock clock;
    private final Semaphore free;
    private final RouteAlarm alarm;
    private final Runnable waker;

    /** @param concurrency most sectors at a time */
    SectorClaimProducer(SectorEndpoint endpoint, SectorTurnstile turnstile, int concurrency) {
        super(endpoint);
        this.component = endpoint.getComponent();
        this.turnstile = turnstile;
        this.gate = component.gate();
        this.clock = component.timeline().clock();
        this.settler = new Settler<>(turnstile, clock, component.watch());
        this.scheduler = component.scheduler();
        this.free = new Semaphore(concurrency);
        this.alarm = new RouteAlarm(endpoint.getCamelContext(), turnstile.state(), component.timeline(), concurrency);
        this.waker = () -> scheduler.soon(alarm::ring);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        alarm.open();
        scheduler.add(turnstile.state(), waker);
    }

    @Override
    protected void doStop() throws Exception {
        scheduler.remove(turnstile.state(), waker);
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
        Turn turn = null;
        try {
            turn = turn();
            if (turn == null) {
                stop(exchange);
                return;
            }
            work(exchange, turn);
            isTaken = true;
        } finally {
            if (!isTaken) {
                if (turn != null) {
                    turn.pass().close();
                }
                free.release();
            }
        }
        ring(); // there may be more
    }

    /** Runs the route of the state soon, by the version of it that claims now. */
    private void ring() {
        scheduler.wake(turnstile.state());
    }

    private static void stop(Exchange exchange) {
        exchange.getMessage().setBody(null);
        exchange.setRouteStop(true);
    }

    private void work(Exchange exchange, Turn turn) {
        Sector sector = turn.sector();
        LogScope scope = turnstile.scope(sector);
        StepLease lease = component.kept(turnstile, sector);
        Instant began = clock.instant();
        exchange.setProperty(Settler.CLAIMED, sector);
        exchange.getMessage().setBody(sector);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                lease.end();
                turn.pass().close();
                try {
                    settler.settle(sector, done, began, !isRunAllowed()).ifPresent(next ->
                            scheduler.in(Duration.between(clock.instant(), next), SectorClaimProducer.this::ring));
                } finally {
                    scope.close();
                    free.release();
                    ring();
                }
            }
        });
    }

    /** Whose turn it is, and what its step may take meanwhile. */
    private record Turn(Sector sector, StepGate.Pass pass) {}

    private @Nullable Turn turn() {
        StepGate.Answer answer = gate.enter(turnstile.sectorState(), this::ring);
        StepGate.Pass pass = answer.pass();
        if (pass == null) {
            if (!turnstile.keepOut(String.valueOf(answer.waitsFor()))) {
                gate.forget(turnstile.sectorState());
            }
            return turnstile.claimComputed().stream().findFirst().map(found -> new Turn(found, StepGate.Pass.FREE)).orElse(null);
        }
        try {
            Sector sector = turnstile.claim(1).stream().findFirst().orElse(null);
            boolean computes = sector != null && sector.stage() == SectorStage.COMPUTING;
            if (!computes) {
                pass.close();
                return sector == null ? null : new Turn(sector, StepGate.Pass.FREE);
            }
            pass.of(sector.number());
            return new Turn(pass == StepGate.Pass.FREE ? sector : turnstile.begun(sector), pass);
        } catch (RuntimeException e) {
            pass.close();
            throw e;
        }
    }
}
