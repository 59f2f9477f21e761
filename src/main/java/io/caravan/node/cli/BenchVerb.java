package io.caravan.node.cli;



import io.caravan.node.bench.CommPBench;
import io.caravan.node.bench.P2pBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Measures what the program promises, as a ratio to something plain measured in the same run. */
@Command(name = "bench", description = "Measure speed: commp (piece commitments) or p2p (libp2p over loopback).")
final class BenchVerb extends Verb {

    @Parameters(paramLabel = "WHAT", description = "commp or p2p.")
    private String what = "";

    @Override
    public Integer call() throws Exception {
        switch (what) {
            case "commp" -> CommPBench.run(out());
            case "p2p" -> P2pBench.run(out());
            default -> throw new CliException(CliException.FIX_INPUT, "there is no benchmark '" + what + "': there are commp and p2p");
        }
        out().flush();
        return 0;
    }
}
