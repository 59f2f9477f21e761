package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists deals of the daemon or of the miner, once or until interrupted. */
@Command(name = "deals", description = "List deals with their states.")
final class DealsVerb extends Verb {

    @Option(names = "--watch", description = "Refresh every second until Ctrl-C; with --json print each change.")
    private boolean watch;

    @Option(names = "--miner", description = "Show the miner's side instead of the daemon's.")
    private boolean minerSide;

    @Override
    public Integer call() throws InterruptedException {
        try (RunningRole role = minerSide ? miner() : daemon()) {
            JsonNode deals = role.call("Caravan.Deals", 200);
            if (!watch) {
                return answer(deals, text(deals));
            }
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
            JsonNode shown = JSON.nullNode();
            do {
                deals = role.call("Caravan.Deals", 200);
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

    private static String text(JsonNode deals) {
        if (deals.isEmpty()) {
            return "no deals yet: import a file, then ./caravan deal MINER PAYLOAD_CID";
        }
        Table table = new Table("PROPOSAL", "STATE", "WITH", "DEAL", "SECTOR", "PIECE", "WAITS FOR");
        deals.forEach(deal -> table.row(deal.path("proposalCid").asText(), Show.state(deal.path("stateName").asText()),
                deal.path("with").asText(), dash(deal.path("dealId")), dash(deal.path("sector")),
                Show.size(deal.path("pieceSize").asLong()), Show.cut(deal.path("waitsFor").asText(""), 60)));
        return table.toString();
    }

    private static String dash(JsonNode number) {
        return number.isNumber() ? number.asText() : "-";
    }
}
