package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One word of an operator to one deal: says what it will do, asks, does it, and shows the deal as it is then. */
abstract class DealWord extends Verb {

    private static final String BUSY = "OP10 ";

    @Parameters(index = "0", paramLabel = "PROPOSAL_CID", description = "The deal's proposal CID.")
    private String proposal = "";

    @Option(names = "--miner", description = "The miner's side of the deal instead of the daemon's.")
    private boolean minerSide;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in one line; it is kept with the deal.")
    private @Nullable String reason;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    /** The method and what stands between the deal and the reason. */
    abstract JsonNode say(RunningRole role, Object deal, @Nullable String why);

    /** What it will do, as a sentence; empty for a word that needs no question. */
    abstract String consequence();

    @Override
    public Integer call() {
        try (RunningRole role = minerSide ? miner() : daemon()) {
            if (!yes && !consequence().isEmpty()) {
                confirm(role.call("Caravan.Deal", cid(proposal)));
            }
            JsonNode deal = said(role);
            return answer(deal, "deal %s is %s now".formatted(proposal, Show.state(deal.path("stateName").asText()))
                    + (deal.path("waitsFor").isTextual() ? ", it waits for " + deal.path("waitsFor").asText() : "")
                    + "\nWhat becomes of it: ./caravan show " + proposal);
        }
    }

    private JsonNode said(RunningRole role) {
        try {
            return say(role, cid(proposal), reason);
        } catch (CliException e) {
            boolean busy = String.valueOf(e.getMessage()).startsWith(BUSY);
            throw busy ? new CliException(CliException.TRY_AGAIN, e.getMessage()) : e;
        }
    }

    private void confirm(JsonNode deal) {
        Confirmation.of(Terminal.of(spec), "deal %s is %s; %s".formatted(proposal, Show.state(deal.path("stateName").asText()),
                consequence()));
    }
}
