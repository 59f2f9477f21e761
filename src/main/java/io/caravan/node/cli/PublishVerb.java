package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The miner's publish queue. */
@Command(name = "publish", description = "The miner's deals that wait to be published.",
        footer = {"", "Example: ./caravan publish list", "         ./caravan publish now"},
        subcommands = {PublishVerb.ListQueue.class, PublishVerb.Now.class})
final class PublishVerb extends Verb {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do with the publish queue: list or now");
    }

    @Command(name = "list", description = "List the deals that wait for a publish message, and why.",
            footer = {"", "Example: ./caravan publish list --json"})
    static final class ListQueue extends Verb {
        @Override
        public Integer call() {
            try (RunningRole miner = miner()) {
                JsonNode queue = miner.call("Caravan.PublishQueue");
                if (queue.isEmpty()) {
                    return answer(queue, "no deal waits to be published");
                }
                Table table = new Table("PROPOSAL", "START", "SINCE", "TRIES", "WAITS FOR");
                queue.forEach(deal -> table.row(deal.path("proposalCid").asText(), deal.path("startEpoch").asText(),
                        deal.path("queuedAt").asText(), deal.path("tries").asText(), Show.cut(why(deal), 80)));
                return answer(queue, table.toString());
            }
        }

        private static String why(JsonNode deal) {
            for (String field : new String[] {"lastError", "problem", "waitsFor"}) {
                if (deal.path(field).isTextual()) {
                    return deal.path(field).asText();
                }
            }
            return "the publish batch to close";
        }
    }

    @Command(name = "now", description = "Publish what waits now, or try one deal again.",
            footer = {"", "Example: ./caravan publish now", "         ./caravan publish now bafyrei…"})
    static final class Now extends Verb {
        @Parameters(arity = "0..1", paramLabel = "PROPOSAL_CID", defaultValue = "",
                description = "Only this deal, whatever held it. Default: every deal that waits.")
        private String proposalCid = "";

        @Override
        public Integer call() {
            try (RunningRole miner = miner()) {
                if (!proposalCid.isEmpty()) {
                    miner.call("MarketRetryPublishDeal", cid(proposalCid));
                    return answer(object().put("proposalCid", proposalCid), "deal " + proposalCid
                            + " is being published; see ./caravan deals --miner");
                }
                int waiting = miner.call("Caravan.PublishQueue").size();
                miner.call("MarketPublishPendingDeals");
                return answer(object().put("deals", waiting), waiting == 0 ? "no deal waits to be published"
                        : waiting + (waiting == 1 ? " deal is" : " deals are") + " being published; see ./caravan deals --miner");
            }
        }
    }
}
