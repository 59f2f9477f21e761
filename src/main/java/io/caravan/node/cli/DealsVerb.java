package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
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
            "         ./caravan deals --miner --state Active --client f01004 --limit 50",
            "         ./caravan deals retry bafyrei…"})
final class DealsVerb extends Verb {

    private static final int MOST = 200;
    private static final int LONGEST_PAGE = 1000;

    @Option(names = "--watch", description = "Refresh every second until Ctrl-C; with --json print each change.")
    private boolean watch;

    @Option(names = "--miner", description = "Show the miner's side instead of the daemon's.")
    private boolean minerSide;

    @Option(names = "--waiting", arity = "0..1", fallbackValue = "", paramLabel = "KIND", description = "Only live deals, those first that "
            + "wait longest; of one kind: peer, chain, sealer, operator, time, money or node.")
    private @Nullable String waiting;

    @Option(names = "--stuck", description = "Only deals to look at: parked, failing again and again, late, short of money.")
    private boolean stuck;

    @Option(names = "--state", paramLabel = "STATE", split = ",", description = "Only deals in these states, such as Active,Error.")
    private List<String> states = List.of();

    @Option(names = "--client", paramLabel = "ADDRESS", description = "With --miner: only deals with this client.")
    private @Nullable String client;

    @Option(names = "--provider", paramLabel = "ADDRESS", description = "Without --miner: only deals with this miner.")
    private @Nullable String provider;

    @Option(names = "--piece", paramLabel = "CID", description = "Only deals of this piece.")
    private @Nullable String piece;

    @Option(names = "--limit", paramLabel = "N", description = "Most deals to show, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit = MOST;

    @Option(names = "--after", paramLabel = "PROPOSAL", description = "Go on after this deal, the last one of the page before.")
    private @Nullable String after;

    @Override
    public Integer call() throws InterruptedException {
        check();
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

    private void check() {
        if (stuck && waiting != null) {
            throw new CliException(CliException.FIX_INPUT, "--stuck and --waiting are two lists: ask for one of them");
        }
        if (isFiltered() && (stuck || waiting != null)) {
            throw new CliException(CliException.FIX_INPUT, "--stuck and --waiting are lists of their own: leave out --state, --client, "
                    + "--provider, --piece and --after");
        }
        if ((minerSide ? provider : client) != null) {
            throw new CliException(CliException.FIX_INPUT, minerSide ? "all deals of the miner have one provider: --client finds those of a client"
                    : "all deals of the daemon are its own: --provider finds those with a miner, --miner --client a miner's deals with a client");
        }
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new CliException(CliException.FIX_INPUT, "--limit must be 1 to " + LONGEST_PAGE + ", not " + limit);
        }
    }

    private boolean isFiltered() {
        return !states.isEmpty() || client != null || provider != null || piece != null || after != null;
    }

    private JsonNode list(RunningRole role) {
        if (stuck) {
            return role.call("Caravan.DealsStuck", limit);
        }
        return waiting == null ? role.call("Caravan.Deals", filter()).path("deals")
                : role.call("Caravan.DealsWaiting", waiting.isEmpty() ? null : waiting, limit);
    }

    private ObjectNode filter() {
        ObjectNode filter = object().put("limit", limit).put("party", minerSide ? client : provider).put("piece", piece).put("after", after);
        ArrayNode names = filter.putArray("states");
        states.forEach(names::add);
        return filter;
    }

    private String text(JsonNode deals) {
        if (stuck || waiting != null) {
            return why(deals);
        }
        if (deals.isEmpty()) {
            return isFiltered() ? "no deal is like that" : "no deals yet: import a file, then ./caravan deal MINER PAYLOAD_CID";
        }
        Table table = new Table("PROPOSAL", "STATE", "WITH", "DEAL", "SECTOR", "PIECE", "WAITS FOR");
        deals.forEach(deal -> table.row(deal.path("proposalCid").asText(), Show.state(deal.path("stateName").asText()),
                deal.path("with").asText(), dash(deal.path("dealId")), dash(deal.path("sector")),
                Show.size(deal.path("pieceSize").asLong()), Show.cut(deal.path("waitsFor").asText(""), 60)));
        return deals.size() < limit ? table.toString()
                : table + "\nMore: the same with --after " + deals.get(deals.size() - 1).path("proposalCid").asText();
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
