package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists data transfers with their progress; cancels and restarts one. */
@Command(name = "transfers", description = "List data transfers with their progress, newest first.",
        footer = {"", "Example: ./caravan transfers --miner"},
        subcommands = {TransfersVerb.Cancel.class, TransfersVerb.Restart.class})
final class TransfersVerb extends Verb {

    @Option(names = "--miner", description = "Show the miner's side instead of the daemon's.")
    private boolean minerSide;

    @Override
    public Integer call() {
        try (RunningRole role = minerSide ? miner() : daemon()) {
            JsonNode transfers = role.call("Caravan.Transfers");
            return answer(transfers, transfers.isEmpty() ? "no transfers yet" : text(transfers));
        }
    }

    private static String text(JsonNode transfers) {
        Table table = new Table("TRANSFER", "STATUS", "DONE", "RATE", "LEFT", "ATTEMPT", "LAST BYTE", "DEAL", "REASON");
        transfers.forEach(one -> table.row(one.path("transferId").asText(), one.path("status").asText(), done(one), rate(one),
                left(one), one.path("attempt").asText(), one.path("progressAt").asText(), one.path("proposalCid").asText(),
                Show.cut(one.path("reason").asText(""), 60)));
        return table.toString();
    }

    /** {@code 1.0 MiB of 4.0 MiB (25 %)}. */
    static String done(JsonNode transfer) {
        long bytes = transfer.path("received").asLong();
        long total = transfer.path("total").asLong();
        return total <= 0 ? Show.size(bytes)
                : "%s of %s (%d %%)".formatted(Show.size(bytes), Show.size(total), Math.min(100, bytes * 100 / total));
    }

    static String rate(JsonNode transfer) {
        long rate = transfer.path("bytesPerSecond").asLong();
        return rate == 0 ? "-" : Show.size(rate) + "/s";
    }

    static String left(JsonNode transfer) {
        return transfer.path("secondsLeft").isNumber()
                ? Show.time(Duration.ofSeconds(transfer.path("secondsLeft").asLong())) : "-";
    }

    /** One line for {@code show}. */
    static String line(JsonNode transfer) {
        String reason = transfer.path("reason").asText("");
        return "%s %s, %s, attempt %d, last byte %s%s".formatted(transfer.path("status").asText().toLowerCase(Locale.ROOT),
                done(transfer), rate(transfer), transfer.path("attempt").asInt(), Instant.parse(transfer.path("progressAt").asText()),
                reason.isEmpty() ? "" : ", " + reason);
    }

    /** What both acts share: which transfer, on which side. */
    abstract static class Act extends Verb {

        @Option(names = "--miner", description = "Act on the miner's side instead of the daemon's.")
        private boolean minerSide;

        @Parameters(paramLabel = "ID", description = "The transfer's number, or the proposal CID of its deal.")
        private String id = "";

        final Integer act(String verb, String done) {
            try (RunningRole role = minerSide ? miner() : daemon()) {
                JsonNode transfer = find(role.call("Caravan.Transfers"));
                role.call((minerSide ? "Market" : "Client") + verb + "DataTransfer", transfer.path("transferId").asLong(),
                        transfer.path("otherPeer").asText(), transfer.path("isInitiator").asBoolean());
                ObjectNode value = object().put("transferId", transfer.path("transferId").asLong())
                        .put("proposalCid", transfer.path("proposalCid").asText()).put("done", done);
                return answer(value, "transfer %s of deal %s: %s".formatted(transfer.path("transferId").asText(),
                        transfer.path("proposalCid").asText(), done));
            }
        }

        private JsonNode find(JsonNode transfers) {
            for (JsonNode transfer : transfers) {
                if (transfer.path("transferId").asText().equals(id) || transfer.path("proposalCid").asText().equals(id)) {
                    return transfer;
                }
            }
            throw new CliException(CliException.FIX_INPUT, "no transfer %s here: see ./caravan transfers%s".formatted(id,
                    minerSide ? " --miner" : ""));
        }
    }

    @Command(name = "cancel", description = "Cancel a transfer; its deal fails on both sides.",
            footer = {"", "Example: ./caravan transfers cancel 1763836800000000001"})
    static final class Cancel extends Act {
        @Override
        public Integer call() {
            return act("Cancel", "cancelled");
        }
    }

    @Command(name = "restart", description = "Restart a transfer now where it stopped; nothing is sent twice.",
            footer = {"", "Example: ./caravan transfers restart 1763836800000000001"})
    static final class Restart extends Act {
        @Override
        public Integer call() {
            return act("Restart", "restarting");
        }
    }
}
