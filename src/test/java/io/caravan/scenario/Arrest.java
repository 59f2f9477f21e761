package io.caravan.scenario;

import io.caravan.model.DealState;
import io.caravan.support.Await;
import io.caravan.support.KillPoint;
import io.caravan.support.KillPoint.Moment;
import io.caravan.support.KillSwitch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Stops deals of one side in chosen states and moments, one deal at each, so that a kill meets all of them there. */
final class Arrest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final World world;
    private final Side side;
    private final List<KillPoint> points;
    private final KillSwitch held;
    private final List<String> deals = new ArrayList<>();

    private Arrest(World world, Side side, List<KillPoint> points) {
        this.world = world;
        this.side = side;
        this.points = points;
        this.held = KillSwitch.arm(side.rows(), points);
    }

    /** The point of that side in that state. */
    static KillPoint point(Side side, DealState state, Moment moment) {
        return new KillPoint(side.name().equals("daemon") ? "client" : "provider", state.wireName(), moment);
    }

    /** Points of that side in those states, all at that moment. */
    static KillPoint[] points(Side side, Moment moment, DealState... states) {
        return Stream.of(states).map(state -> point(side, state, moment)).toArray(KillPoint[]::new);
    }

    /** Waits there for whoever comes. */
    static Arrest at(World world, Side side, KillPoint... points) {
        return new Arrest(world, side, List.of(points));
    }

    /** Starts a deal for each point, and waits until each is arrested. */
    Arrest deals(int bytes) {
        for (int i = 0; i < points.size(); i++) {
            deal(world.deal(bytes));
        }
        return awaitCaught();
    }

    /** One of the deals that will come by. */
    Arrest deal(String proposal) {
        deals.add(proposal);
        return this;
    }

    Arrest awaitCaught() {
        try {
            Await.sharply(() -> "a deal at each of " + points + "; " + held.story() + "\n" + world.logTail(), LIMIT, () -> held.caught().containsAll(points));
        } catch (AssertionError e) {
            held.close();
            throw e;
        }
        return this;
    }

    /** Lets each on to its moment and kills the side there; it stays down. */
    List<String> kill() {
        try {
            held.go();
            Await.sharply(() -> "everybody at the moment: " + held.story() + "\n" + world.logTail(), LIMIT, () -> held.atMoment().containsAll(points));
            side.kill();
        } finally {
            held.close();
        }
        return deals;
    }

    /** Lets everybody go on; the side lives. */
    void letGo() {
        held.close();
    }

    String[] proposals() {
        return deals.toArray(String[]::new);
    }

    /** As {@link #kill}, and starts the side again. */
    String[] killAndStart() {
        kill();
        side.start();
        return proposals();
    }
}
