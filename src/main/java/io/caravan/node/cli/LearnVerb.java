package io.caravan.node.cli;

import io.caravan.node.Machine;
import io.caravan.node.ThrowawayHome;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * Starts every role once on a home folder that is thrown away, and asks each a question. The launcher runs it after a build,
 * under a JVM that keeps what it loaded, so that later starts need not load it again.
 */
@Command(name = "learn", hidden = true, description = "Start all roles once on a throwaway home folder, and end.",
        footer = {"", "The launcher does this by itself after a build."})
final class LearnVerb extends Verb {

    private static final Map<String, String> SETTINGS = Map.of("devnet.port", "0", "miner.port", "0", "daemon.port", "0",
            "miner.libp2p.port", "0", "daemon.libp2p.port", "0", "devnet.interval", "20ms", "sealing.engine", "placeholder",
            "devnet.proofs", "placeholder");

    @Override
    public Integer call() {
        try (ThrowawayHome place = ThrowawayHome.make("learn");
                Machine machine = new Machine("learn", place.home(), RoleSettings.load(place.home().root(), SETTINGS))) {
            machine.startAll();
            for (String role : machine.urls().keySet()) {
                try (RunningRole running = RunningRole.of(place.home(), role)) {
                    running.call("Filecoin.Version");
                }
            }
        }
        return answer(object().put("learnt", true), "learnt");
    }
}
