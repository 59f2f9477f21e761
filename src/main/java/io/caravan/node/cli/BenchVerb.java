package io.caravan.node.cli;



import io.caravan.node.bench.CommPBench;
import io.caravan.node.bench.P2pBench;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measures what the program promises, as a ratio to something plain measured in the same run. */
@Command(name = "bench", description = "Measure speed: commp (piece commitments) or p2p (libp2p over loopback).")
final class BenchVerb extends Verb {

    @Parameters(paramLabel = "WHAT", description = "commp or p2p.")
    private String what = "";

    @Override
    public Integer call() throws IOException {
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

    private void measure(PrintStream to) throws IOException {
        switch (what) {
            case "commp" -> CommPBench.run(to);
            case "p2p" -> P2pBench.run(to);
            default -> throw new CliException(CliException.FIX_INPUT, "there is no benchmark '" + what + "': there are commp and p2p");
        }
    }
}
