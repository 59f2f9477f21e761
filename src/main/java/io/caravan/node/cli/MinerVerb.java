package io.caravan.node.cli;

import io.caravan.node.Machine;
import picocli.CommandLine.Command;

/** The role {@code miner} as a process of its own. */
@Command(name = "miner", description = "Run the provider side: takes deals from daemons, seals and proves sectors.")
final class MinerVerb extends RoleVerb {

    @Override
    void start(Machine machine) {
        machine.startMiner();
    }
}
