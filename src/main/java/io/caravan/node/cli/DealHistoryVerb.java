package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The audit of one deal: what operators said to it, and what became of each word. */
@Command(name = "history", description = "List what operators did to a deal: who, when, what, and what became of it.",
        footer = {"", "Example: ./caravan deals history bafyrei… --miner"})
final class DealHistoryVerb extends Verb {

    @Parameters(paramLabel = "PROPOSAL_CID", description = "The deal's proposal CID.")
    private String proposal = "";

    @Option(names = "--miner", description = "Ask the miner instead of the daemon.")
    private boolean minerSide;

    @Override
    public Integer call() {
        try (RunningRole role = minerSide ? miner() : daemon()) {
            JsonNode operations = role.call("Caravan.Deal", cid(proposal)).path("operations");
            return answer(operations, operations.isEmpty() ? "no operator has touched this deal" : table(operations));
        }
    }

    /** One line a word, the oldest first. */
    static String table(JsonNode operations) {
        Table table = new Table("AT", "WHO", "WORD", "FROM", "TO", "OUTCOME");
        operations.forEach(one -> table.row(Instant.parse(one.path("at").asText()).truncatedTo(ChronoUnit.SECONDS), one.path("who").asText(),
                one.path("verb").asText() + (one.path("target").isTextual() ? " to " + Show.state(one.path("target").asText()) : "")
                        + (one.path("reason").isTextual() ? ": " + one.path("reason").asText() : ""),
                Show.state(one.path("from").asText("-")), Show.state(one.path("to").asText("-")), one.path("outcome").asText()));
        return table.toString();
    }
}
