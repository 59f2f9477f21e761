package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the roles of this home folder are well. */
@Command(name = "health", description = {"Say whether daemon, miner and devnet are well: each check, what it saw and what to do.",
        "Without --role: every role of this home folder that runs."},
        footer = {"", "Example: ./caravan health --role miner", "Ends with 0 when every role takes deals and nothing failed, else with 1."})
final class HealthVerb extends Verb {

    @Option(names = "--role", paramLabel = "ROLE", defaultValue = "", description = "Only this one: daemon, miner or devnet.")
    private String role = "";

    @Override
    public Integer call() {
        List<String> wanted = switch (role) {
            case "" -> List.of("daemon", "miner", "devnet");
            case "daemon", "miner", "devnet" -> List.of(role);
            default -> throw new CliException(CliException.FIX_INPUT, "--role is daemon, miner or devnet, not " + role);
        };
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        List<String> away = new ArrayList<>();
        for (String one : wanted) {
            try (RunningRole running = RunningRole.of(home(), one)) {
                all.set(one, running.call("Caravan.Health"));
            } catch (CliException e) {
                // A devnet is a chain first: one that cannot say how it is does not keep the others from saying so.
                if (!role.isEmpty() || e.exitCode() == CliException.FIX_INPUT && !one.equals("devnet")) {
                    throw e;
                }
                away.add(e.getMessage());
            }
        }
        if (all.isEmpty()) {
            throw new CliException(CliException.TRY_AGAIN, String.join("; ", away));
        }
        StringBuilder text = new StringBuilder();
        all.properties().forEach(entry -> text.append(page(entry.getKey(), entry.getValue())));
        answer(all, text.toString().stripTrailing());
        boolean isWell = all.properties().stream().allMatch(entry -> entry.getValue().path("healthy").asBoolean());
        return isWell ? 0 : CliException.TRY_AGAIN;
    }

    private static String page(String role, JsonNode health) {
        Table table = new Table("CODE", "", "CHECK", "FOUND");
        StringBuilder fixes = new StringBuilder();
        for (JsonNode finding : health.path("findings")) {
            table.row(finding.path("code").asText(), finding.path("level").asText(), finding.path("check").asText(), finding.path("sentence").asText());
            if (!finding.path("fix").isNull() && !finding.path("fix").isMissingNode()) {
                fixes.append("  ").append(finding.path("code").asText()).append(": ").append(finding.path("fix").asText()).append('\n');
            }
        }
        return "%s: %s%s%n%s%n%s%n".formatted(role, health.path("ready").asBoolean() ? "ready" : role.equals("devnet") ? "makes no blocks now" : "takes no deals now",
                health.path("healthy").asBoolean() ? "" : ", not well", table, fixes.isEmpty() ? "" : "To do:\n" + fixes);
    }
}
