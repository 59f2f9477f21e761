package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.cli.CliException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One deal with one kill: start it, kill at the point, start the victim again, wait for Active on both sides. */
public final class KillRun {

    private static final Duration POINT_LIMIT = Duration.ofSeconds(60);
    private static final Duration ACTIVE_LIMIT = Duration.ofSeconds(90);
    private static final String ACTIVE = "StorageDealActive";

    private final CaravanHome home;
    private final long height;
    private String proposal = "";
    private double toPoint;
    private double restart;
    private double toActive;

    private KillRun(CaravanHome home) {
        this.home = home;
        this.height = home.height();
    }

    /** Runs one deal through one kill. */
    public static KillRun of(CaravanHome home, KillPoint point, int fileBytes) {
        KillRun run = new KillRun(home);
        JsonNode root = home.imported(home.file(fileBytes));
        long sawClient = home.lastEvent("daemon");
        long saw = point.keeper().equals("daemon") ? sawClient : home.lastEvent("miner");
        long start = System.nanoTime();
        KillSwitch held = point.moment() == KillPoint.Moment.LEAVING
                ? KillSwitch.arm(home.database(point.keeper()), point.topic(), point.state()) : null;
        try {
            CompletableFuture<String> started = CompletableFuture.supplyAsync(() -> home.deal(root));
            Await.sharply(() -> point + ", which did not come\n" + home.output(), POINT_LIMIT,
                    () -> held != null ? held.isHolding() : entered(home, point, saw));
            home.kill(point.victim());
            run.proposal = proposal(started);
        } finally {
            if (held != null) {
                held.close();
            }
        }
        run.toPoint = seconds(start);
        run.goOn(point.victim(), sawClient);
        return run;
    }

    /** Runs one deal, and kills the victim so long after its start. */
    public static KillRun after(CaravanHome home, String victim, Duration delay, int fileBytes) {
        KillRun run = new KillRun(home);
        JsonNode root = home.imported(home.file(fileBytes));
        long sawClient = home.lastEvent("daemon");
        long start = System.nanoTime();
        CompletableFuture<String> started = CompletableFuture.supplyAsync(() -> home.deal(root));
        Await.sharply(() -> "the moment", POINT_LIMIT, () -> System.nanoTime() - start >= delay.toNanos());
        home.kill(victim);
        run.proposal = proposal(started);
        run.toPoint = seconds(start);
        run.goOn(victim, sawClient);
        return run;
    }

    private void goOn(String victim, long sawClient) {
        long again = System.nanoTime();
        home.start(victim);
        restart = seconds(again);
        long ready = System.nanoTime();
        if (proposal.isEmpty()) {
            proposal = newestDeal(sawClient);
        }
        Await.until(() -> "Active on both sides\n" + home.story("daemon", proposal) + home.story("miner", proposal) + home.output(),
                ACTIVE_LIMIT, () -> ACTIVE.equals(home.state("daemon", proposal)) && ACTIVE.equals(home.state("miner", proposal)));
        toActive = seconds(ready);
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

    private static boolean entered(CaravanHome home, KillPoint point, long saw) {
        try {
            for (JsonNode entry : home.call(point.keeper(), "Caravan.Events", saw, 1000)) {
                if (entry.path("role").asText().equals(point.topic()) && entry.path("to").asText().equals(point.state())) {
                    return true;
                }
            }
            return false;
        } catch (CliException e) {
            return false;
        }
    }

    /** The chain's height before the deal. */
    public long height() {
        return height;
    }

    public String proposal() {
        return proposal;
    }

    /** The provider's view of the deal. */
    public JsonNode deal() {
        return home.call("miner", "Caravan.Deal", Map.of("/", proposal));
    }

    /** Seconds to the kill, to the first answer after it, and from there to Active. */
    public String times() {
        return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", toPoint, restart, toActive);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
