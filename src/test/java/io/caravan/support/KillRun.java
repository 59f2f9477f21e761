package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.DealState;
import io.caravan.support.KillPoint.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One kill that meets several deals, each at a point of its own: starts them, waits until every point has its deal, kills
 * the victim, starts it again, and follows all deals to their end. Deals for Rejecting and Failing are proposed below
 * the ask, and end as Error; all others have to become Active.
 */
public final class KillRun {

    private static final Duration POINT_LIMIT = Duration.ofSeconds(120);
    private static final Duration MOMENT_LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(240);
    private static final int SMALL = 200_000;
    private static final int LARGE = 6_000_000;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int TRIES = 4;
    /** Epochs after a deal's start: a sector that ends then slashes the deal. */
    private static final long LATER = 100;
    private static final Set<String> FAILING = Set.of(DealState.REJECTING.wireName(), DealState.FAILING.wireName());

    private final CaravanHome home;
    private final long height;
    private final List<String> good = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<KillSwitch> switches = new ArrayList<>();
    private final long start = System.nanoTime();
    private DealState end = DealState.ACTIVE;
    private int atWork;
    private double toPoint;
    private double restart;
    private double toEnd;

    private KillRun(CaravanHome home) {
        this.home = home;
        this.height = home.height();
    }

    /** Kills the victim once every point has its deal or sector. */
    public static KillRun at(CaravanHome home, String victim, List<KillPoint> points) {
        KillRun run = new KillRun(home);
        try {
            run.arm(points);
            run.deals(points);
            run.meet(points);
            run.kill(victim);
        } finally {
            run.disarm();
        }
        run.goOn(victim);
        return run;
    }

    /** Kills the victim as soon as the point has its deal, wherever that is by then: for states that others end. */
    public static KillRun assoon(CaravanHome home, String victim, KillPoint point) {
        KillRun run = new KillRun(home);
        try {
            run.arm(List.of(point));
            run.start(LARGE);
            run.awaitCaught(List.of(point));
            if (point.moment() == Moment.DURING) {
                run.awaitMoment(List.of(point));
            }
            run.kill(victim);
        } finally {
            run.disarm();
        }
        run.goOn(victim);
        return run;
    }

    /** Kills the one whose act it is when the first such act of a deal is about to be written down. */
    public static KillRun inAct(CaravanHome home, KillAct act) {
        KillRun run = new KillRun(home);
        try (ActSwitch held = ActSwitch.arm(home.database(act.victim()), act)) {
            run.start(SMALL);
            Await.sharply(() -> act + "\n" + run.stories() + home.output(), POINT_LIMIT, held::isHeld);
            run.kill(act.victim());
            held.died();
        }
        run.goOn(act.victim());
        return run;
    }

    /**
     * Kills the victim when the end of an active deal, or of its sector, is about to be committed: the sector is terminated, which
     * slashes the deal.
     */
    public static KillRun atTheEnd(CaravanHome home, String victim, List<KillPoint> points) {
        KillRun run = new KillRun(home);
        try {
            run.arm(points);
            run.start(SMALL);
            run.awaitCaught(points);
            run.awaitEnds();
            JsonNode deal = home.call("miner", "Caravan.Deal", Map.of("/", run.good.get(0)));
            home.call("devnet", "Devnet.Warp", deal.path("startEpoch").asLong() + LATER);
            run.end = DealState.SLASHED;
            home.call("devnet", "Devnet.TerminateSector", home.call("miner", "ActorAddress").asText(), deal.path("sector").asLong());
            run.meet(points);
            run.kill(victim);
        } finally {
            run.disarm();
        }
        run.goOn(victim);
        return run;
    }

    /** Brings the victim into a state that only a restart in Transferring leads to, and kills it there once more. */
    public static KillRun again(CaravanHome home, String victim, KillPoint point) {
        KillRun run = new KillRun(home);
        String other = victim.equals("miner") ? "daemon" : "miner";
        KillPoint transferring = new KillPoint(point.topic(), DealState.TRANSFERRING.wireName(), Moment.COMMITTED);
        for (int tries = 1; !run.isCaughtAfterRestart(victim, other, transferring, point); tries++) {
            if (tries == TRIES) {
                throw new AssertionError(point + ": the transfer was over before the kill, " + TRIES + " times");
            }
        }
        try {
            if (point.moment() == Moment.LEAVING) {
                home.start(other);
            }
            run.meet(List.of(point));
            run.kill(victim);
        } finally {
            run.disarm();
        }
        if (point.moment() != Moment.LEAVING) {
            home.start(other);
        }
        run.goOn(victim);
        return run;
    }

    private boolean isCaughtAfterRestart(String victim, String other, KillPoint transferring, KillPoint point) {
        try {
            arm(List.of(transferring));
            start(LARGE);
            awaitCaught(List.of(transferring));
            home.kill(victim);
            home.kill(other);
        } finally {
            disarm();
        }
        arm(List.of(point));
        home.start(victim);
        if (!isCaughtSoon(List.of(point))) {
            disarm();
            home.start(other);
            return false;
        }
        return true;
    }

    /** Runs one deal, and kills the victim so long after its start. */
    public static KillRun after(CaravanHome home, String victim, Duration delay) {
        KillRun run = new KillRun(home);
        JsonNode root = home.imported(home.file(SMALL));
        long saw = home.lastEvent("daemon");
        CompletableFuture<String> started = CompletableFuture.supplyAsync(() -> home.deal(root));
        Await.sharply(() -> "the moment", POINT_LIMIT, () -> System.nanoTime() - run.start >= delay.toNanos());
        run.kill(victim);
        String proposal = proposal(started);
        if (!proposal.isEmpty()) {
            run.good.add(proposal);
        }
        run.restart(victim);
        if (proposal.isEmpty()) {
            run.good.add(run.newestDeal(saw));
        }
        run.awaitEnds();
        return run;
    }

    private void arm(List<KillPoint> points) {
        for (String keeper : List.of("daemon", "miner")) {
            List<KillPoint> kept = points.stream().filter(point -> point.keeper().equals(keeper)).toList();
            if (!kept.isEmpty()) {
                switches.add(KillSwitch.arm(home.database(keeper), kept));
            }
        }
    }

    private void disarm() {
        switches.forEach(KillSwitch::close);
        switches.clear();
    }

    /** The refused ones come last, so that no good deal's place is taken by one that fails. */
    private void deals(List<KillPoint> points) {
        List<KillPoint> happy = points.stream().filter(point -> !FAILING.contains(point.state())).toList();
        for (int i = 0; i < happy.size(); i++) {
            start(SMALL);
        }
        for (int more = 0; more < TRIES && !isCaughtSoon(happy); more++) {
            start(SMALL); // some states a deal may pass over: a client that looks late goes past Sealing
        }
        awaitCaught(happy);
        for (int i = happy.size(); i < points.size(); i++) {
            refused.add(home.dealForNothing(home.imported(home.file(SMALL))));
        }
        awaitCaught(points);
    }

    private void start(int bytes) {
        good.add(home.deal(home.imported(home.file(bytes))));
    }

    private Set<KillPoint> caught() {
        Set<KillPoint> all = new HashSet<>();
        switches.forEach(each -> all.addAll(each.caught()));
        return all;
    }

    private boolean isCaughtSoon(List<KillPoint> points) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!caught().containsAll(points) && System.nanoTime() < end) {
            LockSupport.parkNanos(20_000_000);
        }
        return caught().containsAll(points);
    }

    private void awaitCaught(List<KillPoint> points) {
        Await.sharply(() -> "a deal at each of " + points + "; there are " + caught() + "\n" + stories() + home.output(), POINT_LIMIT,
                () -> caught().containsAll(points));
    }

    /** Lets everybody on to the moment; who works is kept at work by a chain that does not answer. */
    private void meet(List<KillPoint> points) {
        boolean isHeld = points.stream().anyMatch(point -> point.moment() == Moment.DURING) && home.chain() != null;
        if (isHeld) {
            home.chain().hold();
        }
        switches.forEach(KillSwitch::go);
        awaitMoment(points);
    }

    private void awaitMoment(List<KillPoint> points) {
        Await.sharply(() -> "everybody at the moment: " + switches.stream().map(KillSwitch::story).toList() + "\n" + home.output(), MOMENT_LIMIT, () -> {
            Set<KillPoint> there = new HashSet<>();
            switches.forEach(each -> there.addAll(each.atMoment()));
            return there.containsAll(points);
        });
    }

    /** The others go on answering from their own tables. */
    private void kill(String victim) {
        switches.forEach(each -> atWork += each.atWork().size());
        home.kill(victim);
        toPoint = seconds(start);
        switches.forEach(KillSwitch::died);
        Stream.of("daemon", "miner").filter(role -> !home.process(victim).roles().contains(role) && home.process(role) != null
                && home.process(role).isAlive()).forEach(role -> home.call(role, "Caravan.Deals", 1));
        if (home.chain() != null) {
            home.chain().drop();
            home.chain().restore();
        }
    }

    private void goOn(String victim) {
        restart(victim);
        awaitEnds();
    }

    private void restart(String victim) {
        long again = System.nanoTime();
        home.start(victim);
        restart = seconds(again);
    }

    private void awaitEnds() {
        long ready = System.nanoTime();
        Await.until(() -> "the deals' ends\n" + stories() + home.output(), END_LIMIT,
                () -> good.stream().allMatch(deal -> isIn(deal, end)) && refused.stream().allMatch(deal -> isIn(deal, DealState.ERROR)));
        toEnd = seconds(ready);
    }

    private boolean isIn(String proposal, DealState state) {
        return state.wireName().equals(home.state("daemon", proposal)) && state.wireName().equals(home.state("miner", proposal));
    }

    /** Both sides' view of the deals that are not where they should be. */
    private String stories() {
        StringBuilder all = new StringBuilder();
        good.stream().filter(deal -> !isIn(deal, end)).forEach(deal -> all.append(home.story("daemon", deal)).append(home.story("miner", deal)));
        refused.stream().filter(deal -> !isIn(deal, DealState.ERROR)).forEach(deal -> all.append(home.story("daemon", deal)).append(home.story("miner", deal)));
        return all.toString();
    }

    /** The call may have lost its answer with the process: then the log has the proposal. */
    private static String proposal(CompletableFuture<String> started) {
        try {
            return started.join();
        } catch (CompletionException e) {
            return "";
        }
    }

    private String newestDeal(long saw) {
        for (JsonNode entry : home.call("daemon", "Caravan.Events", saw, 1000)) {
            if (entry.path("role").asText().equals("client")) {
                return entry.path("key").asText();
            }
        }
        throw new AssertionError("the kill came before there was a deal");
    }

    /** The chain's height before the deals. */
    public long height() {
        return height;
    }

    /** How many of the points within work met somebody at work; the others' work was done by then. */
    public int atWork() {
        return atWork;
    }

    /** The deals that became Active. */
    public List<String> active() {
        return List.copyOf(good);
    }

    /** The deals that were refused. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    /** Seconds to the kill, to the first answer after it, and from there to the last deal's end. */
    public String times() {
        return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", toPoint, restart, toEnd);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
