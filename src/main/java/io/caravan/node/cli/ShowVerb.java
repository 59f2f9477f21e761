package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.WaitsOn;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the story of one deal from every side that runs on this machine. */
@Command(name = "show", description = "Show one deal: its timeline with reasons, what it waits for, and what operators did to it.",
        footer = {"", "Example: ./caravan show bafyrei…"})
final class ShowVerb extends Verb {

    @Parameters(paramLabel = "PROPOSAL_CID", description = "The deal's proposal CID.")
    private String proposal = "";

    @Override
    public Integer call() {
        ObjectNode sides = object();
        StringBuilder text = new StringBuilder("deal ").append(proposal).append("\n");
        String trace = "";
        CliException failure = null;
        for (String role : new String[] {"daemon", "miner"}) {
            if (!Files.exists(home().of(role).resolve("api"))) {
                continue;
            }
            try (RunningRole side = RunningRole.of(home(), role)) {
                ObjectNode deal = (ObjectNode) side.call("Caravan.Deal", cid(proposal));
                deal.set("removals", side.call("Caravan.DealRemovals", cid(proposal)));
                if (role.equals("miner") && deal.path("sector").isNumber()) {
                    deal.set("sectorNow", sector(side, deal.path("sector").asLong()));
                }
                sides.set(role, deal);
                if (trace.isEmpty()) {
                    trace = deal.path("traceId").asText();
                    text.append("trace ").append(trace).append("\n");
                }
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

    private static JsonNode sector(RunningRole miner, long number) {
        JsonNode first = miner.call("Caravan.Sectors", number == 0 ? null : (Long) (number - 1), 1).path("sectors").path(0);
        return first.path("number").asLong(-1) == number ? first : JSON.nullNode();
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
        why(text, deal, new RelativeTime(Clock.systemUTC().instant()));
        JsonNode sector = deal.path("sectorNow");
        if (sector.isObject()) {
            String note = SectorsVerb.note(sector);
            line(text, "sector", SectorsVerb.step(sector) + (note.isEmpty() ? "" : "; " + note));
        }
        if (deal.path("transfer").isObject()) {
            line(text, "transfer", TransfersVerb.line(deal.path("transfer")));
        }
        Table table = new Table("  AT", "AFTER", "EVENT", "STATE", "NOTE");
        Instant before = null;
        for (JsonNode event : deal.path("events")) {
            Instant at = Instant.parse(event.path("at").asText());
            table.row("  " + at, before == null ? "" : Show.time(Duration.between(before, at)), event.path("event").asText(),
                    Show.state(event.path("to").asText()), event.path("note").asText(""));
            before = at;
        }
        text.append(table);
        if (!deal.path("operations").isEmpty()) {
            text.append("\n  by operators:\n").append(DealHistoryVerb.table(deal.path("operations")).indent(2));
        }
        removals(text, deal.path("removals"));
    }

    /** Who or what it waits for, since when, until when, what failed last, and when it is tried next. */
    private static void why(StringBuilder text, JsonNode deal, RelativeTime times) {
        boolean parked = deal.path("parked").asBoolean();
        if (deal.path("waitsOn").isTextual()) {
            line(text, "waits on", WaitsOn.of(deal.path("waitsOn").asText()).label());
            line(text, "waits for", deal.path("waitsFor").asText(""));
            line(text, "to do", deal.path("stopped").path("todo").asText(""));
            line(text, "since", moment(deal.path("waitsSince"), times.since(deal.path("waitsSince")) + " ago"));
            line(text, "expected", moment(deal.path("waitsUntil"), times.until(deal.path("waitsUntil"))));
            line(text, "gives up", moment(deal.path("deadline"), times.until(deal.path("deadline")))
                    + (deal.path("lastEpoch").isNumber() ? ", or after epoch " + deal.path("lastEpoch").asLong() : ""));
        }
        line(text, "message", deal.path("message").asText(""));
        line(text, "last error", deal.path("lastError").asText(""));
        int attempt = deal.path("attempt").asInt();
        line(text, "next try", parked ? "none, it is parked" : deal.path("stopped").isObject() ? "none on this node before that" : moment(deal.path("nextTry"), times.until(deal.path("nextTry"))));
        line(text, "failed", attempt == 0 ? "" : attempt + (attempt == 1 ? " try" : " tries") + " in a row");
        if (!deal.path("owner").isNull()) {
            line(text, "route", "routes/" + deal.path("owner").asText() + ".camel.yaml");
        }
    }

    private static String moment(JsonNode at, String relative) {
        return at.isTextual() ? Instant.parse(at.asText()).truncatedTo(ChronoUnit.SECONDS) + " (" + relative + ")" : "";
    }

    /** What was deleted of the deal, and why. */
    private static void removals(StringBuilder text, JsonNode removals) {
        if (removals.isEmpty()) {
            return;
        }
        Table table = new Table("  REMOVED", "WHAT", "SIZE", "WHY", "OUTCOME");
        for (JsonNode one : removals) {
            table.row("  " + one.path("plannedAt").asText(), one.path("subject").asText(), Show.size(one.path("bytes").asLong()),
                    one.path("why").asText(), one.path("outcome").asText("not finished"));
        }
        text.append(table);
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("  %-11s%s%n".formatted(name, value));
        }
    }
}
