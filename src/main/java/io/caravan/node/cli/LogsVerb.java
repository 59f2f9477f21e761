package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.node.observe.log.AboutDeal;
import io.caravan.node.observe.log.LogFiles;
import io.caravan.node.observe.log.LogLine;
import java.nio.file.Files;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All that the log files of this home folder say about one deal, merged with its events. */
@Command(name = "logs", description = {"Show what the log files say about one deal, merged with the deal's events on both sides.",
        "Events come from daemon and miner where they run; the files are read in any case."},
        footer = {"", "Example: ./caravan logs bafyrei… --since 2h --follow", "With --json: one object a line."})
final class LogsVerb extends Verb {

    private static final int MOST = 50_000;

    @Parameters(paramLabel = "PROPOSAL_CID", description = "The deal's proposal CID.")
    private String proposal = "";

    @Option(names = "--since", paramLabel = "WHEN", defaultValue = "", description = "Only what is younger: 30m, 2h, 3d, or a moment such as 2026-01-31T12:00:00Z.")
    private String since = "";

    @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    /** As a person knows the sides that lines name. */
    private static final Map<String, String> NODES = Map.of("client", "daemon", "provider", "miner");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Nodes whose events are shown: lines that tell the same moves are left out for people. */
    private final Set<String> told = new HashSet<>();
    private final Set<String> shownEvents = new HashSet<>();
    private AboutDeal about = new AboutDeal("", Set.of(), "");

    /** A line of the answer: of a file, or an event of one role. */
    private record Entry(Instant at, ObjectNode json, String text) {}

    @Override
    public Integer call() throws InterruptedException {
        try {
            proposal = Cid.parse(proposal).toString();
        } catch (CodecException e) {
            throw new CliException(CliException.FIX_INPUT, "'" + proposal + "' is no proposal CID: ./caravan deals lists them");
        }
        Instant from = from(Clock.systemUTC().instant());
        about = new AboutDeal(proposal, Set.of(), "");
        LogFiles files = new LogFiles(home().of("log"));
        Deque<Entry> first = new ArrayDeque<>(events(from));
        collect(files, from, first);
        print(first);
        if (first.isEmpty() && !follow) {
            throw new CliException(CliException.TRY_AGAIN, "no log file of %s and no role that runs says anything about %s%s"
                    .formatted(home().root(), proposal, since.isEmpty() ? "" : " since " + from));
        }
        if (follow) {
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
            while (!stopped.await(1, TimeUnit.SECONDS)) {
                Deque<Entry> more = new ArrayDeque<>(events(from));
                collect(files, from, more);
                print(more);
            }
        }
        return 0;
    }

    private Instant from(Instant now) {
        if (since.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return since.matches("\\d{1,6}[smhd]") ? now.minus(ago(since)) : Instant.parse(since);
        } catch (DateTimeException e) {
            throw new CliException(CliException.FIX_INPUT, "--since is a time such as 30m, 2h or 3d, or a moment such as 2026-01-31T12:00:00Z, not " + since);
        }
    }

    private static Duration ago(String text) {
        long many = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(many);
            case 'm' -> Duration.ofMinutes(many);
            case 'h' -> Duration.ofHours(many);
            default -> Duration.ofDays(many);
        };
    }

    private void collect(LogFiles files, Instant from, Deque<Entry> into) {
        files.read(line -> {
            if (!line.at().isBefore(from) && about.has(line) && (json || !isTold(line))) {
                into.add(entry(line));
                if (into.size() > MOST) {
                    into.removeFirst(); // the newest are worth more
                }
            }
        });
    }

    private boolean isTold(LogLine line) {
        String role = line.fields().getOrDefault("role", "");
        return told.contains(NODES.getOrDefault(role, "")) && line.message().startsWith(role + " deal " + proposal + " ")
                && line.message().contains(" → ");
    }

    private Entry entry(LogLine line) {
        ObjectNode out = object().put("time", line.at().toString()).put("source", "log").put("level", line.level()).put("logger", line.logger());
        line.fields().forEach(out::put);
        String role = line.fields().getOrDefault("role", "");
        String route = line.fields().getOrDefault("route", "");
        String state = Show.state(route);
        String words = line.message().replace(role + " deal " + proposal, "deal").replace(proposal, "this deal");
        return new Entry(line.at(), out.put("message", line.message()), "%-5s %-6s %s%s".formatted(line.level(), NODES.getOrDefault(role, role),
                route.isEmpty() || words.contains(state) ? "" : state + ": ", words));
    }

    /** Events that were not shown yet, of every role that runs; what they tell of the deal is looked for in the files too. */
    private List<Entry> events(Instant from) {
        List<Entry> fresh = new ArrayList<>();
        for (String name : List.of("daemon", "miner")) {
            if (Files.exists(home().of(name).resolve("api"))) {
                try (RunningRole role = RunningRole.of(home(), name)) {
                    events(name, role.call("Caravan.Deal", cid(proposal)), from, fresh);
                    told.add(name);
                } catch (CliException e) {
                    if (!follow) {
                        Terminal.of(spec).err().println("without the events of the " + name + ": " + e.getMessage());
                    }
                }
            }
        }
        return fresh;
    }

    private void events(String role, JsonNode deal, Instant from, List<Entry> into) {
        Set<String> names = new HashSet<>(about.names());
        names.addAll(deal.path("messages").findValuesAsText("cid"));
        names.remove("");
        names.remove("null");
        about = new AboutDeal(proposal, names, deal.path("sector").isNumber() ? deal.path("sector").asText() : about.sector());
        for (JsonNode event : deal.path("events")) {
            Instant at = Instant.parse(event.path("at").asText());
            if (!at.isBefore(from) && shownEvents.add(role + event.path("seq").asText() + event.path("at").asText() + event.path("event").asText())) {
                String note = event.path("note").asText("");
                ObjectNode out = object().put("time", at.toString()).put("source", role).put("event", event.path("event").asText())
                        .put("from", event.path("from").asText()).put("to", event.path("to").asText()).put("note", note);
                into.add(new Entry(at, out, "EVENT %-6s %s (%s)%s".formatted(role, way(event), event.path("event").asText(),
                        note.isEmpty() ? "" : ": " + note)));
            }
        }
    }

    /** From where to where; where the deal stays when something was only noted. */
    private static String way(JsonNode event) {
        String from = Show.state(event.path("from").asText());
        String to = Show.state(event.path("to").asText());
        return from.equals(to) ? to : from + " → " + to;
    }

    private void print(Deque<Entry> entries) {
        entries.stream().sorted(Comparator.comparing(Entry::at)).forEach(entry ->
                out().println(Terminal.plain(json ? entry.json().toString() : MOMENT.format(entry.at()) + " " + entry.text())));
        out().flush();
    }
}
