package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.config.Settings;
import io.caravan.node.swap.OfflineCheck;
import io.caravan.node.swap.RouteFolder;
import io.caravan.node.swap.RouteRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The routes of a role, and their changes while it runs. */
@Command(name = "routes", description = "The routes of a running role and their changes; docs/routes.md says how to change one.",
        subcommands = {RoutesVerb.Listing.class, RoutesVerb.Check.class, RoutesVerb.Diff.class, RoutesVerb.History.class, RoutesVerb.Rollback.class, RoutesVerb.Start.class, ShadowWord.class},
        footer = {"", "Example: ./caravan routes list", "         ./caravan routes check routes/miner/3-accept.camel.yaml"})
final class RoutesVerb extends Verb {

    private static final int NOTE = 110;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what: list, check, diff, history, rollback, start or shadow");
    }

    /** A word about one role's routes. */
    abstract static class OfRole extends Verb {
        @Option(names = "--miner", description = "The miner's routes, which is usual where no file tells.")
        private boolean isMiner;

        @Option(names = "--daemon", description = "The daemon's routes.")
        private boolean isDaemon;

        protected boolean ofDaemon(String file) {
            if (isMiner && isDaemon) {
                throw new CliException(CliException.FIX_INPUT, "say --miner or --daemon, not both");
            }
            return isDaemon || !isMiner && file.replace('\\', '/').matches("(.*/)?daemon/[^/]*");
        }

        protected RunningRole running(String file) {
            return ofDaemon(file) ? daemon() : miner();
        }
    }

    @Command(name = "list", description = "List the files, the version of each that runs, and its routes.",
            footer = {"", "Example: ./caravan routes list --daemon"})
    static final class Listing extends OfRole {
        @Override
        public Integer call() {
            try (RunningRole role = running("")) {
                JsonNode all = role.call("Caravan.RouteList");
                Table table = new Table("FILE", "VERSION", "ROUTE", "FROM", "STATE", "UNDER WAY");
                StringBuilder troubles = new StringBuilder();
                for (JsonNode file : all.path("files")) {
                    String version = file.path("version").asInt() + (file.path("shipped").asBoolean() ? "" : " *");
                    if (file.path("routes").isEmpty()) {
                        table.row(file.path("file").asText(), version, "", "", "", "");
                    }
                    file.path("routes").forEach(route -> table.row(file.path("file").asText(), version, route.path("id").asText(),
                            Show.cut(route.path("from").asText(), 40), state(route), route.path("underWay").asInt()));
                    if (file.path("trouble").isTextual()) {
                        troubles.append("\nNot taken: ").append(file.path("trouble").asText());
                    }
                }
                return answer(all, table + "\n* differs from the program's own text" + troubles);
            }
        }
    }

    private static String state(JsonNode route) {
        String who = route.path("stoppedBy").asText("");
        JsonNode since = route.path("stoppedSince");
        return route.path("state").asText() + (who.isEmpty() || who.equals("null") ? "" : " by " + who)
                + (since.isTextual() ? " at " + Instant.parse(since.asText()).truncatedTo(ChronoUnit.SECONDS) : "");
    }

    @Command(name = "check", description = "Check a file of routes without changing anything; also where no role runs.",
            footer = {"", "Example: ./caravan routes check routes/miner/3-accept.camel.yaml"})
    static final class Check extends OfRole {
        @Parameters(paramLabel = "FILE", description = "The file.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            String name = name(file);
            List<String> ids = Files.exists(home().of(ofDaemon(name) ? "daemon" : "miner").resolve("api")) ? byRole(name) : alone(name);
            ObjectNode answer = object().put("file", name);
            ids.forEach(answer.putArray("routes")::add);
            return answer(answer, name + " would be taken: " + String.join(", ", ids));
        }

        private List<String> byRole(String name) {
            try (RunningRole role = running(name)) {
                List<String> ids = new ArrayList<>();
                role.call("Caravan.RouteCheck", name, text()).path("routes").forEach(id -> ids.add(id.asText()));
                return ids;
            }
        }

        private List<String> alone(String name) {
            try {
                Settings settings = RoleSettings.load(home().root(), Map.of());
                return OfflineCheck.check(RouteFolder.rootOf(settings), ofDaemon(name), settings, name, text());
            } catch (RouteRefusedException e) {
                throw new CliException(CliException.FIX_INPUT, e.getMessage());
            }
        }

        private String text() {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new CliException(CliException.FIX_INPUT, "cannot read " + file + ": " + e.getMessage());
            }
        }
    }

    /** What a file is called below its folder of routes. */
    private static String name(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        Path folder = whole.getParent() == null ? null : whole.getParent().getFileName();
        boolean isInside = folder != null && folder.toString().matches("daemon|miner|sealing");
        return isInside ? folder + "/" + whole.getFileName() : whole.getFileName().toString();
    }

    @Command(name = "diff", description = "Show what the file on disk would change, or what changed since a version.",
            footer = {"", "Example: ./caravan routes diff miner/3-accept", "         ./caravan routes diff miner/3-accept 2"})
    static final class Diff extends OfRole {
        @Parameters(index = "0", paramLabel = "FILE", description = "The file, as list names it.")
        private String file = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "An earlier version.")
        private Integer version;

        @Override
        public Integer call() {
            try (RunningRole role = running(file)) {
                JsonNode difference = role.call("Caravan.RouteDiff", file, version);
                String text = difference.path("diff").asText();
                return answer(difference, text.isEmpty() ? difference.path("from").asText() + " and " + difference.path("to").asText() + " are the same" : text);
            }
        }
    }

    @Command(name = "history", description = "List the changes: when, by whom, what became of them.",
            footer = {"", "Example: ./caravan routes history miner/3-accept --diff"})
    static final class History extends OfRole {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "Only of this file, as list names it.")
        private String file;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "Most of them (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(names = "--diff", description = "Show what each changed.")
        private boolean withDiff;

        @Override
        public Integer call() {
            try (RunningRole role = running(file == null ? "" : file)) {
                JsonNode page = role.call("Caravan.RouteHistory", file, null, limit);
                Table table = new Table("AT", "FILE", "FROM", "TO", "VERDICT", "BY", "NOTE");
                StringBuilder diffs = new StringBuilder();
                for (JsonNode swap : page.path("swaps")) {
                    table.row(swap.path("at").asText(), swap.path("file").asText(), swap.path("from").asText("–").replace("null", "–"),
                            swap.path("to").asText("–").replace("null", "–"), swap.path("verdict").asText(), swap.path("who").asText(),
                            Show.cut(swap.path("reason").asText("").replace("null", ""), NOTE));
                    diffs.append('\n').append(swap.path("at").asText()).append('\n').append(swap.path("diff").asText());
                }
                return answer(page, page.path("swaps").isEmpty() ? "nothing has changed yet" : table + (withDiff ? diffs.toString() : ""));
            }
        }
    }

    @Command(name = "rollback", description = "Go back to the version that ran before, or to one you name; the file is written too.",
            footer = {"", "Example: ./caravan routes rollback miner/3-accept"})
    static final class Rollback extends OfRole {
        @Parameters(index = "0", paramLabel = "FILE", description = "The file, as list names it.")
        private String file = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "The version to go back to.")
        private Integer version;

        @Override
        public Integer call() {
            try (RunningRole role = running(file)) {
                JsonNode done = role.call("Caravan.RouteRollback", file, version);
                return answer(done, done.path("file").asText() + " runs as version " + done.path("version").asInt() + " again, and so says the file");
            }
        }
    }

    @Command(name = "start", description = "Start a route that somebody stopped or suspended; what waits in its state goes on.",
            footer = {"", "Example: ./caravan routes start StorageDealPublish", "         ./caravan routes start StorageDealSealing --daemon"})
    static final class Start extends OfRole {
        @Parameters(paramLabel = "ROUTE", description = "The route, as list names it.")
        private String route = "";

        @Override
        public Integer call() {
            try (RunningRole role = running("")) {
                JsonNode now = role.call("Caravan.RouteStart", route);
                return answer(now, "the route " + now.path("id").asText() + " is " + now.path("state").asText().toLowerCase(Locale.ROOT));
            }
        }
    }
}
