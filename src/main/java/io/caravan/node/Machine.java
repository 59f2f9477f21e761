package io.caravan.node;

import io.caravan.node.config.Settings;
import java.time.Clock;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The roles of one process: started in the order in which they need each other, stopped in the reverse. */
public final class Machine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    private final NodeHome home;
    private final Settings settings;
    private final Clock clock = Clock.systemUTC();
    private final RoleDatabases databases;
    private final Deque<AutoCloseable> roles = new ConcurrentLinkedDeque<>();
    private final Map<String, String> urls = new ConcurrentSkipListMap<>();
    private volatile @Nullable MinerRole miner;

    /**
     * Opens the log; starts nothing yet.
     *
     * @param name names the log file, so that processes of one home folder do not share one
     */
    public Machine(String name, NodeHome home, Settings settings) {
        this.home = home;
        this.settings = settings;
        SettingsCheck.of(settings);
        this.databases = new RoleDatabases(home, settings);
        LogFile.open(home.folder("log", ""), name, settings);
    }

    public NodeHome home() {
        return home;
    }

    /** Starts devnet (unless {@code chain.url} names a chain), miner and daemon. */
    public void startAll() {
        if (settings.optional("chain.url").isEmpty()) {
            startDevnet();
        }
        // Both mostly wait for the chain at their start, so they wait together.
        CompletableFuture<Void> miner = CompletableFuture.runAsync(this::startMiner);
        try {
            startDaemon();
        } finally {
            joined(miner);
        }
    }

    private static void joined(CompletableFuture<Void> start) {
        try {
            start.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    public void startDevnet() {
        lock("devnet");
        DevnetRole devnet = started("devnet", new DevnetRole(home, settings, databases, clock));
        urls.put("devnet", devnet.url());
    }

    public void startMiner() {
        lock("miner");
        MinerRole role = started("miner", new MinerRole(home, settings, databases, clock));
        miner = role;
        urls.put("miner", role.url());
    }

    public void startDaemon() {
        lock("daemon");
        urls.put("daemon", started("daemon", new DaemonRole(home, settings, databases, clock)).url());
    }

    /** JSON-RPC address of each role that runs, by role. */
    public Map<String, String> urls() {
        return Collections.unmodifiableMap(urls);
    }

    /** The address of the miner's actor on the chain; empty where no miner runs. */
    public String minerAddress() {
        MinerRole role = miner;
        return role == null ? "" : role.address();
    }

    /** What the sealing engine says of itself; empty where no miner runs. */
    public String sealingEngine() {
        MinerRole role = miner;
        return role == null ? "" : role.sealingNotice();
    }

    @Override
    public void close() {
        while (!roles.isEmpty()) {
            try {
                roles.pop().close();
            } catch (Exception e) {
                LOG.warn("a role did not stop cleanly", e);
            }
        }
        databases.close();
    }

    /** Before the role touches anything; given back after it was closed. */
    private void lock(String role) {
        roles.push(RoleLock.take(home, role));
    }

    private <T extends AutoCloseable> T started(String name, T role) {
        roles.push(role);
        LOG.info("{} runs", name);
        return role;
    }
}
