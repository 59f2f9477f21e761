package io.caravan.node.bench;

import io.caravan.node.Machine;
import io.caravan.node.NodeHome;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.cli.RunningRole;
import io.caravan.store.Sql;
import java.util.Map;
import java.util.TreeMap;

/** A devnet and a miner as they are shipped, on free ports, their limits set so that only their speed is measured. */
final class BenchNode implements AutoCloseable {

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "devnet.port", "0",
            "miner.port", "0",
            "miner.libp2p.port", "0",
            "miner.ask.price", "0 attoFIL",
            "miner.ask.verified-price", "0 attoFIL",
            "miner.publish.period", "24h",
            "devnet.interval", "5s"));

    private final Machine machine;
    private final RunningRole chain;
    private final RunningRole miner;

    /** Starts both; returns when the miner answers. */
    BenchNode(NodeHome home) {
        this(home, Map.of());
    }

    /** As above with other settings beside its own. */
    BenchNode(NodeHome home, Map<String, String> others) {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(others);
        machine = new Machine("bench", home, RoleSettings.load(home.root(), settings));
        try {
            machine.startDevnet();
            machine.startMiner();
            chain = RunningRole.of(home, "devnet");
            miner = RunningRole.of(home, "miner");
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    /** The miner's rows. */
    Sql rows() {
        return machine.database("miner").sql();
    }

    RunningRole miner() {
        return miner;
    }

    RunningRole chain() {
        return chain;
    }

    @Override
    public void close() {
        chain.close();
        miner.close();
        machine.close();
    }
}
