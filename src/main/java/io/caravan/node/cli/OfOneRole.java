package io.caravan.node.cli;

import java.nio.file.Files;
import picocli.CommandLine.Option;

/** A verb that is about the daemon or the miner, whichever runs. */
abstract class OfOneRole extends Verb {

    @Option(names = "--daemon", description = "The daemon.")
    private boolean ofDaemon;

    @Option(names = "--miner", description = "The miner.")
    private boolean ofMiner;

    /** The one that is named, else the miner, else the daemon where only that runs. */
    protected RunningRole running() {
        if (ofDaemon && ofMiner) {
            throw new CliException(CliException.FIX_INPUT, "say --daemon or --miner, not both");
        }
        boolean isDaemon = ofDaemon || !ofMiner && !runs("miner") && runs("daemon");
        return isDaemon ? daemon() : miner();
    }

    private boolean runs(String role) {
        return Files.exists(home().of(role).resolve("api"));
    }
}
