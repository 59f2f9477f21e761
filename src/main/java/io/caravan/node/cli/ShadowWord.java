package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.config.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Candidates of phases beside the live ones. */
@Command(name = "shadow", description = "Run a candidate of a phase beside the live one, on the same deals and without moving any, and report where it would decide otherwise.",
        subcommands = {ShadowWord.Listing.class, ShadowWord.Report.class, ShadowWord.Stop.class},
        footer = {"", "Example: ./caravan routes shadow candidate.camel.yaml --for 2h", "         ./caravan routes shadow report candidate"})
final class ShadowWord extends Verb {

    private static final String EXTENSION = ".camel.yaml";

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The candidate: a file of routes that begin with deal:<State>, and what they call by direct:.")
    private @Nullable Path file;

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "1h", description = "How long it runs, at most 7 days (default: ${DEFAULT-VALUE}).")
    private String length = "1h";

    @Option(names = "--allow", paramLabel = "SCHEME", split = ",", description = "http or https: its questions to a service leave the node.")
    private List<String> allow = List.of();

    @Option(names = "--daemon", description = "Beside the daemon's routes instead of the miner's.")
    private boolean isDaemon;

    @Override
    public Integer call() {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "name the candidate's file, or say list, report or stop");
        }
        long seconds = Units.duration(length).orElseThrow(() ->
                new CliException(CliException.FIX_INPUT, "--for " + length + " is not a time such as 30m or 2h")).toSeconds();
        String name = file.getFileName().toString().replace(EXTENSION, "");
        try (RunningRole role = isDaemon ? daemon() : miner()) {
            JsonNode begun = role.call("Caravan.RouteShadowStart", name, Files.readString(file), seconds, allow);
            return answer(begun, "%s judges %s in shadow until %s; see ./caravan routes shadow report %s%s".formatted(name,
                    begun.path("states").asText(), begun.path("until").asText(), name, isDaemon ? " --daemon" : ""));
        } catch (IOException e) {
            throw new CliException(CliException.FIX_INPUT, "cannot read " + file + ": " + e.getMessage());
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the candidates that run and ran.",
            footer = {"", "Example: ./caravan routes shadow list"})
    static final class Listing extends Verb {
        @Option(names = "--daemon", description = "The daemon's instead of the miner's.")
        private boolean isDaemon;

        @Override
        public Integer call() {
            try (RunningRole role = isDaemon ? daemon() : miner()) {
                JsonNode all = role.call("Caravan.RouteShadowList");
                Table table = new Table("NAME", "STATES", "UNTIL", "SETTLED", "SAME", "DIFFERENT", "UNDECIDED", "DROPPED", "BY");
                all.forEach(one -> table.row(one.path("name").asText(), one.path("states").asText(), end(one), one.path("settled").asLong(),
                        one.path("same").asLong(), one.path("different").asLong(), one.path("undecided").asLong(),
                        one.path("dropped").asLong(), one.path("who").asText()));
                return answer(all, all.isEmpty() ? "no candidate has run yet" : table.toString());
            }
        }

        private static String end(JsonNode one) {
            return one.path("endedAt").isTextual() ? one.path("endedAt").asText() + " (" + one.path("endReason").asText() + ")"
                    : one.path("until").asText();
        }
    }

    @Command(name = "report", mixinStandardHelpOptions = true, description = "Show where a candidate decided otherwise, the newest first.",
            footer = {"", "Example: ./caravan routes shadow report candidate --limit 50"})
    static final class Report extends Verb {
        @Parameters(paramLabel = "NAME", description = "The candidate, as list names it.")
        private String name = "";

        @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "Most lines, up to 200 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(names = "--daemon", description = "The daemon's instead of the miner's.")
        private boolean isDaemon;

        @Override
        public Integer call() {
            try (RunningRole role = isDaemon ? daemon() : miner()) {
                JsonNode report = role.call("Caravan.RouteShadowReport", name, limit);
                Table table = new Table("DEAL", "STATE", "LIVE", "CANDIDATE", "WHY");
                report.path("differences").forEach(one -> table.row(one.path("key").asText(), one.path("state").asText(),
                        one.path("live").asText(), one.path("candidate").asText(),
                        Show.cut(one.path("candidateReason").asText(one.path("liveReason").asText("")).replace("null", ""), 90)));
                return answer(report, "%s: of %d settled deals %d alike, %d otherwise, %d undecided; %d not looked at%n%s".formatted(name,
                        report.path("settled").asLong(), report.path("same").asLong(), report.path("different").asLong(),
                        report.path("undecided").asLong(), report.path("dropped").asLong(),
                        report.path("differences").isEmpty() ? "" : table));
            }
        }
    }

    @Command(name = "stop", mixinStandardHelpOptions = true, description = "End a candidate; what it found stays.",
            footer = {"", "Example: ./caravan routes shadow stop candidate"})
    static final class Stop extends Verb {
        @Parameters(paramLabel = "NAME", description = "The candidate, as list names it.")
        private String name = "";

        @Option(names = "--daemon", description = "The daemon's instead of the miner's.")
        private boolean isDaemon;

        @Override
        public Integer call() {
            try (RunningRole role = isDaemon ? daemon() : miner()) {
                return answer(role.call("Caravan.RouteShadowStop", name), name + " is stopped; see ./caravan routes shadow report " + name);
            }
        }
    }
}
