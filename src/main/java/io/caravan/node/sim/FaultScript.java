package io.caravan.node.sim;

import io.caravan.model.DealState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What goes wrong in a simulation, one thing a line:
 *
 * <pre>
 * every 2d            cut-link for 30m
 * about every 3d      kill-miner for 10m
 * day 4.5             reorg 8
 * deal 17 in StorageDealTransferring   kill-daemon for 1h
 * deal 3 in StorageDealPublish at provider   chain-away for 30m
 * </pre>
 *
 * An empty line and what follows {@code #} mean nothing.
 */
public record FaultScript(List<Fault> faults) {

    public static final FaultScript NONE = new FaultScript(List.of());

    private static final int MOST_LINES = 10_000;
    private static final Pattern LINE = Pattern.compile("(.+?)\\s+([a-z]+-[a-z]+|reorg|cancel)(?:\\s+(.*))?");
    private static final Pattern DAY = Pattern.compile("day\\s+([0-9]{1,5}(?:\\.[0-9]{1,6})?)");
    private static final Pattern EVERY = Pattern.compile("(about\\s+)?every\\s+(\\S+)");
    private static final Pattern DEAL = Pattern.compile("deal\\s+([0-9]{1,7})\\s+in\\s+(\\w+)(?:\\s+at\\s+(\\w+))?");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");
    private static final double DAY_SECONDS = 86_400;

    public FaultScript {
        faults = List.copyOf(faults);
    }

    /** @throws FaultScriptException naming the first line that means nothing, and what would */
    public static FaultScript parse(String name, String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() > MOST_LINES) {
            throw new FaultScriptException(name + " has " + lines.size() + " lines, at most " + MOST_LINES + " are read");
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                faults.add(fault(name + " line " + (i + 1), line));
            }
        }
        return new FaultScript(faults);
    }


    /** As it would be written. */
    public String text() {
        return faults.stream().map(Fault::line).collect(Collectors.joining("\n"));
    }

    private static Fault fault(String where, String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw wrong(where, "'" + line + "' is no line of the form WHEN WHAT, such as 'every 2d cut-link for 30m'");
        }
        Fault.Deed deed = Arrays.stream(Fault.Deed.values()).filter(known -> known.toString().equals(parts.group(2))).findFirst()
                .orElseThrow(() -> wrong(where, "there is no fault '" + parts.group(2) + "'; there are "
                        + Arrays.stream(Fault.Deed.values()).map(Fault.Deed::usage).collect(Collectors.joining(", "))));
        String argument = parts.group(3) == null ? "" : parts.group(3).strip();
        Fault.When when = when(where, parts.group(1).strip());
        if (deed.takesTime()) {
            if (!argument.startsWith("for ")) {
                throw wrong(where, deed + " wants 'for' and a time, such as '" + deed + " for 30m'");
            }
            return new Fault(when, deed, time(where, argument.substring("for ".length()).strip()), 0, line);
        }
        if (deed.takesNumber()) {
            if (!NUMBER.matcher(argument).matches() || Long.parseLong(argument) < 1) {
                throw wrong(where, deed + " wants a number of 1 to 999999, not '" + argument + "'");
            }
            return new Fault(when, deed, Duration.ZERO, Long.parseLong(argument), line);
        }
        if (!argument.isEmpty()) {
            throw wrong(where, deed + " wants nothing more, not '" + argument + "'");
        }
        return new Fault(when, deed, Duration.ZERO, 0, line);
    }

    private static Fault.When when(String where, String text) {
        Matcher day = DAY.matcher(text);
        if (day.matches()) {
            return new Fault.When.At(Duration.ofSeconds(Math.round(Double.parseDouble(day.group(1)) * DAY_SECONDS)));
        }
        Matcher every = EVERY.matcher(text);
        if (every.matches()) {
            return new Fault.When.Every(time(where, every.group(2)), every.group(1) != null);
        }
        Matcher deal = DEAL.matcher(text);
        if (deal.matches()) {
            String side = deal.group(3) == null ? "client" : deal.group(3);
            if (!side.equals("client") && !side.equals("provider")) {
                throw wrong(where, "a side is client or provider, not '" + side + "'");
            }
            return new Fault.When.InState(Integer.parseInt(deal.group(1)), side, state(where, deal.group(2)));
        }
        throw wrong(where, "'" + text + "' is no time: write 'day 3.5', 'every 2d', 'about every 2d' or 'deal 7 in StorageDealSealing at provider'");
    }

    private static DealState state(String where, String name) {
        try {
            return DealState.ofName(name);
        } catch (IllegalArgumentException e) {
            throw wrong(where, "there is no state '" + name + "' of a deal; docs/states.md has them all");
        }
    }

    private static Duration time(String where, String text) {
        Matcher time = TIME.matcher(text.toLowerCase(Locale.ROOT));
        if (!time.matches() || Long.parseLong(time.group(1)) == 0) {
            throw wrong(where, "'" + text + "' is no time: write 30s, 10m, 2h or 3d");
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static FaultScriptException wrong(String where, String sentence) {
        return new FaultScriptException(where + ": " + sentence);
    }
}
