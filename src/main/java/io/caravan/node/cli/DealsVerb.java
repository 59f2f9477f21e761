package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists deals of the daemon or of the miner, once or until interrupted; its words change one. */
@Command(name = "deals", description = "List deals with their states; say what to do with one by a word below.",
        subcommands = {DealWords.Retry.class, DealWords.Cancel.class, DealWords.Fail.class, DealWords.Rewind.class,
            DealWords.ReleaseFunds.class, DealHistoryVerb.class, DealAuditVerb.class},
        footer = {"", "Example: ./caravan deals --stuck", "         ./caravan deals --waiting peer --miner",
            "         ./caravan deals retry bafyrei…"})
final class DealsVerb extends Verb {

    private static final int MOST = 200;

    @Option(names = "--watch", description = "Refresh every second until Ctrl-C; with --json print each change.")
    private boolean watch;

    @Option(names = "--miner", description = "Show the miner's side instead of the daemon's.")
    private boolean minerSide;

    @Option(names = "--waiting", arity = "0..1", fallbackValue = "", paramLabel = "KIND", description = "Only live deals, those first that "
            + "wait longest; of one kind: peer, chain, sealer, operator, time, money or node.")
    private @Nullable String waiting;

    @Option(names = "--stuck", description = "Only deals to look at: parked, failing again and again, late, short of money.")
    private boolean stuck;

    @Override
    public Integer call() throws InterruptedException {
        if (stuck && waiting != null) {
            throw new CliException(CliException.FIX_INPUT, "--stuck and --waiting are two lists: ask for one of them");
        }
        try (RunningRole role = minerSide ? miner() : daemon()) {
            JsonNode deals = list(role);
            if (!watch) {
                return answer(deals, text(deals));
            }
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
            JsonNode shown = JSON.nullNode();
            do {
                deals = list(role);
                if (!deals.equals(shown)) {
                    if (!json && Terminal.of(spec).isLive()) {
                        out().print("\u001b[H\u001b[2J");
                    }
                    answer(deals, text(deals));
                    shown = deals;
                }
            } while (!stopped.await(1, TimeUnit.SECONDS));
            return 0;
        }
    }

    private JsonNode list(RunningRole role) {
        if (stuck) {
            return role.call("Caravan.DealsStuck", MOST);
        }
        return waiting == null ? role.call("Caravan.Deals", MOST)
                : role.call("Caravan.DealsWaiting", waiting.isEmpty() ? null : waiting, MOST);
    }

    private String text(JsonNode deals) {
        if (stuck || waiting != null) {
            return why(deals);
        }
        if (deals.isEmpty()) {
            return "no deals yet: import a file, then ./caravan deal MINER PAYLOAD_CID";
        }
        Table table = new Table("PROPOSAL", "STATE", "WITH", "DEAL", "SECTOR", "PIECE", "WAITS FOR");
        deals.forEach(deal -> table.row(deal.path("proposalCid").asText(), Show.state(deal.path("stateName").asText()),
                deal.path("with").asText(), dash(deal.path("dealId")), dash(deal.path("sector")),
                Show.size(deal.path("pieceSize").asLong()), Show.cut(deal.path("waitsFor").asText(""), 60)));
        return table.toString();
    }

    private String why(JsonNode deals) {
        if (deals.isEmpty()) {
            return stuck ? "no deal is stuck" : "no live deal waits" + (waiting == null || waiting.isEmpty() ? "" : " on " + waiting);
        }
        Table table = new Table("PROPOSAL", "STATE", "ON", "FOR HOW LONG", "TRIES", "NEXT", "WAITS FOR");
        var times = new RelativeTime(Clock.systemUTC().instant());
        deals.forEach(deal -> table.row(deal.path("proposalCid").asText(), Show.state(deal.path("stateName").asText()),
                deal.path("waitsOn").asText("-"), times.since(deal.path("waitsSince")), deal.path("attempt").asInt(),
                deal.path("parked").asBoolean() ? "parked" : times.until(deal.path("nextTry")), reason(deal)));
        return table + "\nMore of one: ./caravan show PROPOSAL";
    }

    private static String reason(JsonNode deal) {
        String error = deal.path("lastError").asText("");
        return Show.cut(deal.path("waitsFor").asText(""), 60) + (error.isEmpty() ? "" : "; last error: " + Show.cut(error, 80));
    }

    private static String dash(JsonNode number) {
        return number.isNumber() ? number.asText() : "-";
    }
}
