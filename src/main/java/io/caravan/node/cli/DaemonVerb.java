package io.caravan.node.cli;

import io.caravan.node.Machine;
import picocli.CommandLine.Command;

/** The role {@code daemon} as a process of its own. */
@Command(name = "daemon", description = "Run the client side: takes deals from middleware over JSON-RPC.")
final class DaemonVerb extends RoleVerb {

    @Override
    void start(Machine machine) {
        machine.startDaemon();
    }
}
