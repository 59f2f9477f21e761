package io.caravan.node.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.sim.FaultScript;
import io.caravan.node.sim.FaultScriptException;
import io.caravan.node.sim.FaultScripts;
import io.caravan.node.sim.Outcome;
import io.caravan.node.sim.SimServer;
import io.caravan.node.sim.Simulation;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lives months of deals through in minutes, with faults, and says whether everything that must hold holds. */
@Command(name = "simulate", description = {"Run daemon, miner and chain through simulated days with faults, and audit both sides.",
        "One thread at a time on a virtual clock, while a script of faults happens to them. The same seed and script end the same: the digest on the last line.%n",
        "Example: ./caravan simulate --seed 7 --deals 100 --days 60 --faults usual", "", "A script has one fault a line:",
        "  every 2d            cut-link for 30m", "  about every 5d      kill-miner for 10m", "  day 4.5             reorg 4",
        "  deal 7 in StorageDealPublish at provider   chain-away for 30m%n"})
final class SimulateVerb extends Verb {

    private static final int MOST_DEALS = 100_000;
    private static final int MOST_DAYS = 1000;

    @Option(names = "--seed", paramLabel = "S", description = "What decides everything (default ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--deals", paramLabel = "N", description = "How many deals are placed (default ${DEFAULT-VALUE}).")
    private int deals = 100;

    @Option(names = "--days", paramLabel = "D", description = "How many days are simulated (default ${DEFAULT-VALUE}).")
    private int days = 60;

    @Option(names = "--faults", paramLabel = "FILE", description = "none, usual, or a script of faults (default ${DEFAULT-VALUE}).")
    private String faults = "usual";

    @Override
    public Integer call() throws IOException {
        Simulation.Order order = new Simulation.Order(seed, within("--deals", deals, MOST_DEALS), within("--days", days, MOST_DAYS), script());
        long begin = System.nanoTime();
        Outcome outcome;
        try (SimServer server = new SimServer()) {
            outcome = new Simulation(order, server, line -> Terminal.of(spec).err().println(line)).run();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        answer(json(outcome, took), text(outcome, took));
        return outcome.isGood() ? 0 : CliException.TRY_AGAIN;
    }

    private FaultScript script() throws IOException {
        try {
            return FaultScripts.named(faults);
        } catch (FaultScriptException e) {
            throw new CliException(CliException.FIX_INPUT, e.getMessage());
        }
    }

    private static int within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new CliException(CliException.FIX_INPUT, option + " must be 1 to " + most + ", not " + value);
        }
        return value;
    }

    private String text(Outcome outcome, Duration took) {
        StringBuilder text = new StringBuilder();
        text.append("%d deals, %d days simulated in %d min %02d s of this machine's time%n".formatted(deals,
                outcome.world().lived().toDays(), took.toMinutes(), took.toSecondsPart()));
        text.append("%nends (daemon/miner)%n".formatted());
        outcome.ends().forEach((end, count) -> text.append("  %6d  %s%n".formatted(count, end)));
        if (!outcome.failures().isEmpty()) {
            text.append("%nfailed by%n".formatted());
            outcome.failures().forEach((code, count) -> text.append("  %6d  %s%n".formatted(count, code)));
        }
        text.append("%nfaults%n".formatted());
        outcome.world().faults().forEach((deed, count) -> text.append("  %6d  %s%n".formatted(count, deed)));
        text.append("%nthe roles were killed %d times and stopped %d times; the chain made %d blocks; %d looks at what the daemon showed%n"
                .formatted(outcome.world().kills(), outcome.world().stops(), outcome.world().blocks(), outcome.world().samples()));
        if (outcome.isGood()) {
            text.append("all holds: both sides agree, nothing invented, no money, file, lease, queue entry or transfer left, each deal published once\n");
        } else {
            text.append("%n%d things do not hold:%n".formatted(outcome.wrong().size()));
            outcome.wrong().forEach(sentence -> text.append("  ").append(sentence).append('\n'));
            text.append("again: ").append(again()).append('\n');
        }
        return text.append("seed ").append(seed).append(" digest ").append(outcome.digest()).toString();
    }

    private String again() {
        return "./caravan simulate --seed %d --deals %d --days %d --faults %s".formatted(seed, deals, days, faults);
    }

    private ObjectNode json(Outcome outcome, Duration took) {
        ObjectNode json = object().put("seed", seed).put("deals", deals).put("days", days).put("faults", faults)
                .put("digest", outcome.digest()).put("good", outcome.isGood()).put("seconds", took.toSeconds())
                .put("simulatedDays", outcome.world().lived().toDays());
        ObjectNode ends = json.putObject("ends");
        outcome.ends().forEach(ends::put);
        ObjectNode failures = json.putObject("failures");
        outcome.failures().forEach(failures::put);
        ObjectNode done = json.putObject("faultsDone");
        outcome.world().faults().forEach((deed, count) -> done.put(deed.toString(), count));
        json.put("kills", outcome.world().kills()).put("stops", outcome.world().stops()).put("blocks", outcome.world().blocks());
        var wrong = json.putArray("wrong");
        outcome.wrong().forEach(wrong::add);
        if (!outcome.isGood()) {
            json.put("again", again());
        }
        return json;
    }
}
