package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the story of one deal from every side that runs on this machine. */
@Command(name = "show", description = "Show one deal: its timeline with reasons, and what it waits for.")
final class ShowVerb extends Verb {

    @Parameters(paramLabel = "PROPOSAL_CID", description = "The deal's proposal CID.")
    private String proposal = "";

    @Override
    public Integer call() {
        ObjectNode sides = object();
        StringBuilder text = new StringBuilder("deal ").append(proposal).append("\n");
        CliException failure = null;
        for (String role : new String[] {"daemon", "miner"}) {
            if (!Files.exists(home().of(role).resolve("api"))) {
                continue;
            }
            try (RunningRole side = RunningRole.of(home(), role)) {
                JsonNode deal = side.call("Caravan.Deal", cid(proposal));
                sides.set(role, deal);
                describe(text, role, deal);
            } catch (CliException e) {
                failure = e;
            }
        }
        if (sides.isEmpty()) {
            throw failure != null ? failure : new CliException(CliException.TRY_AGAIN,
                    "neither daemon nor miner runs with the home folder %s: start them with ./caravan up".formatted(home().root()));
        }
        return answer(sides, text.toString());
    }

    private static void describe(StringBuilder text, String role, JsonNode deal) {
        text.append("\n").append(role).append(": ").append(Show.state(deal.path("stateName").asText()));
        if (deal.path("dealId").isNumber()) {
            text.append(", deal ").append(deal.path("dealId").asLong());
        }
        if (deal.path("sector").isNumber()) {
            text.append(", sector ").append(deal.path("sector").asLong());
        }
        text.append("\n");
        line(text, "waits for", deal.path("waitsFor").asText(""));
        line(text, "until", deal.path("deadline").asText(""));
        if (deal.path("transfer").isObject()) {
            line(text, "transfer", TransfersVerb.line(deal.path("transfer")));
        }
        line(text, "message", deal.path("message").asText(""));
        line(text, "last error", deal.path("lastError").asText(""));
        line(text, "next try", deal.path("nextTry").asText(""));
        Table table = new Table("  AT", "AFTER", "EVENT", "STATE", "NOTE");
        Instant before = null;
        for (JsonNode event : deal.path("events")) {
            Instant at = Instant.parse(event.path("at").asText());
            table.row("  " + at, before == null ? "" : Show.time(Duration.between(before, at)), event.path("event").asText(),
                    Show.state(event.path("to").asText()), event.path("note").asText(""));
            before = at;
        }
        text.append(table);
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("  %-11s%s%n".formatted(name, value));
        }
    }
}
