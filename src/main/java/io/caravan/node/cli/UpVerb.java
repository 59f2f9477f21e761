package io.caravan.node.cli;

import io.caravan.node.Machine;
import picocli.CommandLine.Command;

/** All roles in one process, with a lasting home folder and the ports of the configuration. */
@Command(name = "up", description = "Run devnet, miner and daemon in one process until Ctrl-C.")
final class UpVerb extends RoleVerb {

    @Override
    void start(Machine machine) {
        machine.startAll();
    }
}
