package io.caravan.node.cli;

import io.caravan.node.bench.CommPBench;
import io.caravan.node.bench.DealsBench;
import io.caravan.node.bench.GuardBench;
import io.caravan.node.bench.ObserveBench;
import io.caravan.node.bench.P2pBench;
import io.caravan.node.bench.SealBench;
import io.caravan.node.bench.StartBench;
import io.caravan.node.bench.SwapBench;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what the program promises, as a ratio to something plain measured in the same run. */
@Command(name = "bench", description = {"Measure speed.", "commp (piece commitments), seal (an 8 MiB sector), p2p (libp2p over "
        + "loopback), start (a role, from launcher to ready), guard (a caller's answers while strangers attack), swap (a changed route or "
        + "setting, from its file to its effect), deals or observe (a miner with years "
        + "behind it, and what watching it costs; some minutes each, some GiB of temporary files)."})
final class BenchVerb extends Verb {

    @Parameters(paramLabel = "WHAT", description = "commp, seal, p2p, start, guard, swap, deals or observe.")
    private String what = "";

    @Option(names = "--finished", paramLabel = "N", description = "deals, observe: how many ended ones lie in the table (default ${DEFAULT-VALUE}).")
    private long finished = 1_000_000;

    @Option(names = "--live", paramLabel = "N", description = "deals, observe: how many live ones there are after a restart (default ${DEFAULT-VALUE}).")
    private long live = 10_000;

    @Option(names = "--rate", paramLabel = "N", description = "deals: proposals a second (default ${DEFAULT-VALUE}).")
    private int rate = 50;

    @Option(names = "--changes", paramLabel = "N", description = "swap: how many changes of each kind (default ${DEFAULT-VALUE}).")
    private long changes = 40;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!json) {
            measure(out());
            out().flush();
            return 0;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        measure(new PrintStream(text, true, StandardCharsets.UTF_8));
        var report = object().put("bench", what);
        var lines = report.putArray("lines");
        text.toString(StandardCharsets.UTF_8).lines().forEach(lines::add);
        return answer(report, "");
    }

    private void measure(PrintStream to) throws IOException, InterruptedException {
        switch (what) {
            case "commp" -> CommPBench.run(to);
            case "seal" -> SealBench.run(to);
            case "p2p" -> P2pBench.run(to);
            case "start" -> StartBench.run(to);
            case "guard" -> GuardBench.run(to);
            case "swap" -> new SwapBench((int) within("--changes", changes, 10_000)).measure(to);
            case "deals" -> new DealsBench(within("--finished", finished, 50_000_000), within("--live", live, 1_000_000),
                    (int) within("--rate", rate, 10_000)).measure(to);
            case "observe" -> new ObserveBench(within("--finished", finished, 50_000_000), within("--live", live, 1_000_000)).measure(to);
            default -> throw new CliException(CliException.FIX_INPUT, "there is no benchmark '" + what + "': there are commp, seal, p2p, start, guard, swap, deals and observe");
        }
    }

    private static long within(String option, long value, long most) {
        if (value < 1 || value > most) {
            throw new CliException(CliException.FIX_INPUT, option + " must be 1 to " + most + ", not " + value);
        }
        return value;
    }
}
