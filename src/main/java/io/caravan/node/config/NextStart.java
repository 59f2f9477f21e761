package io.caravan.node.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which settings a running role does not take, and why; all others hold at once. */
public final class NextStart {

    private static final Map<String, String> REASONS = reasons();
    private static final String DEVNET = "devnet.";
    private static final String OWN = "my.";

    private NextStart() {}

    private static Map<String, String> reasons() {
        Map<String, String> all = new LinkedHashMap<>();
        because(all, "the way to the chain is opened once", "chain.url", "chain.token");
        because(all, "who signs is settled before the first message", "chain.signer");
        because(all, "the database is opened once", "caravan.db.url", "caravan.db.user", "caravan.db.password", "caravan.db.port");
        because(all, "keystores are unlocked once", "caravan.keystore.passphrase-file");
        because(all, "only a start upgrades", "caravan.upgrade.backup");
        because(all, "the reader of requests is made once", "caravan.rpc.max-depth");
        because(all, "the queue of requests is made once", "caravan.rpc.max-queued");
        because(all, "the folder is chosen once", "caravan.routes.folder");
        because(all, "it is the clock by which changes are seen", "caravan.routes.look");
        because(all, "the way to the collector is opened once", "caravan.trace.endpoint", "caravan.trace.header");
        for (String role : List.of("daemon", "miner")) {
            because(all, "the port is opened once", role + ".listen", role + ".port", role + ".tls", role + ".tls.certificate",
                    role + ".tls.key", role + ".tls.optional");
            because(all, "the libp2p host is opened once", role + ".libp2p.listen", role + ".libp2p.port");
        }
        because(all, "the libp2p host is opened once", "miner.libp2p.announce");
        because(all, "the miner actor is chosen once", "miner.address", "miner.sector-size");
        because(all, "what a node serves is settled at its start", "miner.deals");
        because(all, "only the first start reads it, later ./caravan set-ask does it", "miner.ask.price", "miner.ask.verified-price",
                "miner.ask.min-piece-size", "miner.ask.max-piece-size", "miner.ask.duration");
        because(all, "the engine is made once", "sealing.engine", "sealing.threads");
        because(all, "the sectors lie there", "sealing.folder");
        because(all, "the way to the Lotus miner is opened once", "sealing.lotus.url", "sealing.lotus.token", "sealing.lotus.token-file");
        because(all, "a step keeps the lease that it began with", "sealing.lease", "sealing.heartbeat");
        return all;
    }

    private static void because(Map<String, String> all, String reason, String... keys) {
        for (String key : keys) {
            all.put(key, reason);
        }
    }

    /** Why the key's new value has to wait; empty where it holds at once. */
    public static Optional<String> reason(String key) {
        return key.startsWith(DEVNET) ? Optional.of("the devnet reads its settings once") : Optional.ofNullable(REASONS.get(key));
    }

    /** As above for a key that nothing took, as that node is set up. */
    public static String reasonHere(String key) {
        return reason(key).orElse(key.startsWith(OWN) ? "no route names it" : "nothing here goes by it");
    }

    /** The keys with a reason of their own. */
    public static Set<String> keys() {
        return Set.copyOf(REASONS.keySet());
    }
}
