package io.caravan.node.cli;

import io.caravan.node.Machine;
import picocli.CommandLine.Command;

/** The role {@code devnet} as a process of its own. */
@Command(name = "devnet", description = "Run the embedded chain.")
final class DevnetVerb extends RoleVerb {

    @Override
    void start(Machine machine) {
        machine.startDevnet();
    }
}
