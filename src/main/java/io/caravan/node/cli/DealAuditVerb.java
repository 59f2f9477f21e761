package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists every disagreement about live deals between daemon, miner, chain and sealing. */
@Command(name = "audit", description = "List where live deals differ between daemon, miner, chain and sealing, and what will be done about it.",
        footer = {"", "Example: ./caravan deals audit", "         ./caravan deals audit --side miner --json",
            "Ends with 0 when all agree, else with 1."})
final class DealAuditVerb extends Verb {

    @Option(names = "--side", paramLabel = "SIDE", defaultValue = "both", description = "daemon, miner or both (default: ${DEFAULT-VALUE}, as far as they run here).")
    private String side = "both";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "Live deals to look at on each side, the newest first (default: ${DEFAULT-VALUE}).")
    private long limit = 1000;

    @Override
    public Integer call() {
        ObjectNode all = object();
        switch (side) {
            case "daemon", "miner" -> all.set(side, examined(side));
            case "both" -> both(all);
            default -> throw new CliException(CliException.FIX_INPUT, "there is no side '" + side + "': there are daemon, miner and both");
        }
        StringBuilder text = new StringBuilder();
        int found = 0;
        for (var named : all.properties()) {
            JsonNode report = named.getValue();
            found += report.path("disagreements").size();
            text.append(told(named.getKey(), report)).append('\n');
        }
        answer(all, text.toString());
        return found == 0 ? 0 : CliException.TRY_AGAIN;
    }

    /** A side that does not run on this home folder is told, not failed for, as long as the other one does. */
    private void both(ObjectNode all) {
        CliException missing = null;
        for (String one : new String[] {"daemon", "miner"}) {
            try {
                all.set(one, examined(one));
            } catch (CliException e) {
                missing = e;
            }
        }
        if (all.isEmpty() && missing != null) {
            throw missing;
        }
    }

    private JsonNode examined(String name) {
        try (RunningRole role = RunningRole.of(home(), name)) {
            return role.call("Caravan.Audit", limit);
        }
    }

    private static String told(String name, JsonNode report) {
        JsonNode found = report.path("disagreements");
        long examined = report.path("examined").asLong();
        if (found.isEmpty()) {
            return "%s: %d live deals, all agree".formatted(name, examined);
        }
        StringBuilder text = new StringBuilder("%s: %d live deals, %d disagreements\n".formatted(name, examined, found.size()));
        for (JsonNode one : found) {
            text.append("  %s  %s  %s\n      %s\n      will do: %s\n".formatted(one.path("code").asText(), one.path("proposalCid").asText(),
                    one.path("between").asText(), one.path("sentence").asText(), one.path("plan").asText()));
        }
        return text.toString();
    }
}
