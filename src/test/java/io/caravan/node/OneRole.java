package io.caravan.node;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.ToLongBiFunction;

/** One real role inside a test's JVM, started and stopped by itself, with a home folder and settings of its own. */
public final class OneRole implements AutoCloseable {

    private final AutoCloseable role;
    private final RoleDatabases databases;
    private final Runnable abandon;
    private final String url;
    private final String address;
    private final LiveSettings live;

    private OneRole(AutoCloseable role, RoleDatabases databases, Runnable abandon, String url, String address, LiveSettings live) {
        this.role = role;
        this.databases = databases;
        this.abandon = abandon;
        this.url = url;
        this.address = address;
        this.live = live;
    }

    /** Starts the miner; it answers when this returns. */
    public static OneRole miner(NodeHome home, Map<String, String> overrides) {
        return miner(home, overrides, (folder, free) -> free);
    }

    /**
     * Starts the miner on disks of the test's.
     *
     * @param disk what a folder's disk has left, given the folder and what it really has
     */
    public static OneRole miner(NodeHome home, Map<String, String> overrides, ToLongBiFunction<Path, Long> disk) {
        Settings settings = settings(home, overrides);
        RoleDatabases databases = new RoleDatabases(home, settings);
        MinerRole miner = new MinerRole(home, settings, databases, new DiskGround(disk));
        return new OneRole(miner, databases, miner::abandon, miner.url(), miner.address(), miner.live());
    }

    /** Starts the daemon, which nobody can dial; it answers when this returns. */
    public static OneRole daemon(NodeHome home, Map<String, String> overrides) {
        Settings settings = settings(home, overrides);
        RoleDatabases databases = new RoleDatabases(home, settings);
        DaemonRole daemon = new DaemonRole(home, settings, databases, new UndialableGround());
        return new OneRole(daemon, databases, daemon::abandon, daemon.url(), "", daemon.live());
    }

    /** Sends the log of this JVM to a file of that home folder, as a process does. */
    public static void log(NodeHome home) {
        LogFile.open(home.folder("log", ""), "world", settings(home, Map.of()));
    }

    private static Settings settings(NodeHome home, Map<String, String> overrides) {
        Settings settings = RoleSettings.load(home.root(), overrides);
        SettingsCheck.of(settings);
        return settings;
    }

    /** Where its JSON-RPC is. */
    public String url() {
        return url;
    }

    /** The miner's actor on the chain; empty for a daemon. */
    public String address() {
        return address;
    }

    /** Its settings, which follow their files. */
    public LiveSettings live() {
        return live;
    }

    /** Ends as a killed process does: nothing more is written or given back. */
    public void abandon() {
        abandon.run();
        databases.close();
    }

    @Override
    public void close() throws Exception {
        try {
            role.close();
        } finally {
            databases.close();
        }
    }
}
