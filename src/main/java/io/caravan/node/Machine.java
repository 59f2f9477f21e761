package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.rpc.MethodTable;
import io.caravan.store.Database;
import io.caravan.store.DealStore;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
    private final Ground ground;
    private final CompletableFuture<String> end;
    private final RoleDatabases databases;
    private final Deque<Part> parts = new ConcurrentLinkedDeque<>();
    private final Map<String, String> urls = new ConcurrentSkipListMap<>();
    private volatile @Nullable MinerRole miner;
    private volatile @Nullable DaemonRole daemon;
    private volatile @Nullable DevnetRole devnet;

    /** Something to be closed with its role. */
    private record Part(String role, AutoCloseable part) {
    }

    /**
     * Opens the log; starts nothing yet.
     *
     * @param name names the log file, so that processes of one home folder do not share one
     */
    public Machine(String name, NodeHome home, Settings settings) {
        this(name, home, settings, new CompletableFuture<>());
    }

    private Machine(String name, NodeHome home, Settings settings, CompletableFuture<String> end) {
        this(name, home, settings, new MachineGround(end::complete), end);
    }

    /** As above, the roles standing on something else than this machine's own time and network. */
    public Machine(String name, NodeHome home, Settings settings, Ground ground) {
        this(name, home, settings, ground, new CompletableFuture<>());
    }

    private Machine(String name, NodeHome home, Settings settings, Ground ground, CompletableFuture<String> end) {
        this.ground = ground;
        this.end = end;
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
        DevnetRole role = started("devnet", new DevnetRole(home, settings, databases, ground));
        devnet = role;
        urls.put("devnet", role.url());
    }

    public void startMiner() {
        lock("miner");
        MinerRole role = started("miner", new MinerRole(home, settings, databases, ground));
        miner = role;
        urls.put("miner", role.url());
    }

    public void startDaemon() {
        lock("daemon");
        DaemonRole role = started("daemon", new DaemonRole(home, settings, databases, ground));
        daemon = role;
        urls.put("daemon", role.url());
    }

    /** Runs that when a caller of one of the roles wants this process to end. */
    public void onEndAsked(Runnable work) {
        end.thenRun(work);
    }

    /** Stops one role: it finishes what it does, or leaves it to its next start. */
    public void stop(String role) {
        for (Part part : List.copyOf(parts)) {
            if (part.role().equals(role) && parts.remove(part)) {
                closed(part);
            }
        }
        urls.remove(role);
    }

    /** Ends one role as a kill would: nothing more is written, and what it was doing is found half done. */
    public void abandon(String role) {
        MinerRole provider = miner;
        DaemonRole client = daemon;
        if (role.equals("miner") && provider != null) {
            provider.abandon();
        } else if (role.equals("daemon") && client != null) {
            client.abandon();
        }
        stop(role);
    }

    /** What the role's JSON-RPC port answers. */
    public MethodTable methods(String role) {
        return switch (role) {
            case "miner" -> Objects.requireNonNull(miner).methods();
            case "daemon" -> Objects.requireNonNull(daemon).methods();
            default -> Objects.requireNonNull(devnet).node().methods();
        };
    }

    /** The deals of the daemon or the miner, while that runs. */
    public DealStore deals(String role) {
        return role.equals("miner") ? Objects.requireNonNull(miner).deals() : Objects.requireNonNull(daemon).deals();
    }

    /** The database of the daemon or the miner, while that runs. */
    public Database database(String role) {
        return role.equals("miner") ? Objects.requireNonNull(miner).database() : Objects.requireNonNull(daemon).database();
    }

    /** JSON-RPC address of each role that runs, by role. */
    public Map<String, String> urls() {
        return Collections.unmodifiableMap(urls);
    }

    /** A link that signs that person's browser in once, by each role that runs and has pages. */
    public Map<String, String> loginLinks(String name) {
        Map<String, String> links = new TreeMap<>();
        MinerRole provider = miner;
        DaemonRole client = daemon;
        if (provider != null && urls.containsKey("miner")) {
            links.put("miner", provider.loginLink(name));
        }
        if (client != null && urls.containsKey("daemon")) {
            links.put("daemon", client.loginLink(name));
        }
        return links;
    }

    /** The address of the miner's actor on the chain; empty where no miner runs. */
    public String minerAddress() {
        MinerRole role = miner;
        return role == null ? "" : role.address();
    }

    /** What was set when it began. */
    public Settings settings() {
        return settings;
    }

    /** What the sealing engine says of itself; empty where no miner runs. */
    public String sealingEngine() {
        MinerRole role = miner;
        return role == null ? "" : role.sealingNotice();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            closed(parts.pop());
        }
        databases.close();
    }

    private static void closed(Part part) {
        try {
            part.part().close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", part.role(), e);
        }
    }

    /** Before the role touches anything; given back after it was closed. */
    private void lock(String role) {
        parts.push(new Part(role, RoleLock.take(home, role)));
    }

    private <T extends AutoCloseable> T started(String name, T role) {
        parts.push(new Part(name, role));
        LOG.info("{} runs", name);
        return role;
    }
}
