package io.caravan.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.model.DealState;
import io.caravan.node.NodeHome;
import io.caravan.node.OneRole;
import io.caravan.node.cli.CliException;
import io.caravan.node.cli.RunningRole;
import io.caravan.node.config.LiveSettings;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.TestPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The daemon or the miner of a {@link World}: the role that runs, its home folder, its links to the chain and to its
 * database, and what can be asked of it. Questions go over its real JSON-RPC; {@link #count} reads its database, past
 * the link.
 */
final class Side {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final NodeHome home;
    private final Map<String, String> settings;
    private final DatabaseAddress rows;
    private final HikariDataSource queries;
    private final Link chain;
    private final Link database;
    private final Link libp2p;
    private @Nullable OneRole role;
    private volatile long sealingDisk = Long.MAX_VALUE;
    private volatile @Nullable RunningRole connection;

    /** @param rows the role's database, not through the link */
    Side(String name, NodeHome home, Map<String, String> settings, DatabaseAddress rows, Link chain, Link database, Link libp2p) {
        this.name = name;
        this.home = home;
        this.settings = new LinkedHashMap<>(settings);
        this.rows = rows;
        this.queries = TestPool.of(rows);
        this.chain = chain;
        this.database = database;
        this.libp2p = libp2p;
    }

    String name() {
        return name;
    }

    NodeHome home() {
        return home;
    }

    /** The way of this role alone to the chain. */
    Link chain() {
        return chain;
    }

    /** The way of this role alone to its database. */
    Link database() {
        return database;
    }

    /** The settings of the role that runs. */
    LiveSettings live() {
        return Objects.requireNonNull(role).live();
    }

    boolean isRunning() {
        return role != null;
    }

    /** Starts the role; it answers when this returns. */
    synchronized void start() {
        if (role != null) {
            throw new IllegalStateException("the " + name + " runs already");
        }
        role = name.equals("miner") ? OneRole.miner(home, settings, this::free) : OneRole.daemon(home, settings);
        connection = RunningRole.of(home, name);
    }

    /** From now on the disk of the miner's sealing folder has at most so many bytes left. */
    void sealingDisk(long bytes) {
        sealingDisk = bytes;
    }

    private long free(Path folder, long really) {
        return folder.endsWith("sectors") ? Math.min(really, sealingDisk) : really;
    }

    /** Starts it with these settings changed from now on. */
    void start(Map<String, String> changed) {
        settings.putAll(changed);
        start();
    }

    /** Stops it as an operator does. */
    synchronized void stop() {
        OneRole gone = role;
        disconnect();
        if (gone != null) {
            try {
                gone.close();
            } catch (Exception e) {
                throw new IllegalStateException("the " + name + " does not stop", e);
            }
        }
    }

    /** Stops it and starts it again, with these settings changed from now on. */
    void restart(Map<String, String> changed) {
        stop();
        start(changed);
    }

    void restart() {
        restart(Map.of());
    }

    /**
     * As near to kill -9 as one JVM comes: first every way out is cut, so that nothing more is written, given back,
     * sent or pushed, then the role is torn down.
     */
    synchronized void kill() {
        database.cut();
        chain.cut();
        libp2p.cut();
        OneRole gone = role;
        disconnect();
        Thread end = new Thread(() -> {
            try {
                gone.abandon();
            } catch (Exception e) {
                // A role without its database cannot end cleanly; that is the point.
            }
        }, "kill-" + name);
        end.setDaemon(true);
        end.start();
        try {
            end.join(KILL_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (end.isAlive()) {
            AssertionError failure = new AssertionError("the " + name + " did not end within " + KILL_LIMIT);
            failure.setStackTrace(end.getStackTrace()); // where it hangs
            throw failure;
        }
        database.restore();
        chain.restore();
        libp2p.restore();
    }

    private void disconnect() {
        RunningRole old = connection;
        connection = null;
        role = null;
        if (old != null) {
            old.close();
        }
    }

    /** One call; {@code Filecoin.} is put before a name without a dot. A refusal is a {@link CliException}. */
    JsonNode call(String method, Object... params) {
        RunningRole running = connection;
        if (running == null) {
            throw new CliException(CliException.TRY_AGAIN, "the " + name + " does not run");
        }
        return running.call(method, params);
    }

    /** Everything it tells of the deal ({@code Caravan.Deal}); a {@link CliException} when it has none. */
    JsonNode deal(String proposal) {
        return call("Caravan.Deal", Map.of("/", proposal));
    }

    /** The deal's own state here; null where there is no such deal, or nobody answers. */
    @Nullable DealState state(String proposal) {
        try {
            return DealState.ofCode(deal(proposal).path("state").asLong());
        } catch (CliException e) {
            return null;
        }
    }

    /** The deal's message: on a failing deal the first failure. */
    String message(String proposal) {
        return deal(proposal).path("message").asText("");
    }

    /** The states the deal was in, in order, its first one left out. */
    List<DealState> path(String proposal) {
        List<DealState> path = new ArrayList<>();
        for (JsonNode event : deal(proposal).path("events")) {
            if (!event.path("to").asText().equals(event.path("from").asText())) {
                path.add(DealState.ofName(event.path("to").asText()));
            }
        }
        return path;
    }

    /** The names of the deal's events in order. */
    List<String> events(String proposal) {
        List<String> events = new ArrayList<>();
        deal(proposal).path("events").forEach(event -> events.add(event.path("event").asText()));
        return events;
    }

    /** What it tells of the deal as text, for a failure's message. */
    String story(String proposal) {
        try {
            return name + ": " + deal(proposal).toPrettyString() + "\n";
        } catch (CliException e) {
            return name + ": " + e.getMessage() + "\n";
        }
    }

    /** How many rows its database has of {@code table WHERE …}. */
    long count(String from) {
        return Long.parseLong(value("SELECT count(*) FROM " + from));
    }

    /** The first column of the first row of a query as text, {@code ""} without a row. */
    String value(String sql) {
        List<String> values = values(sql);
        return values.isEmpty() ? "" : values.get(0);
    }

    /** The first column of every row of a query as text. */
    List<String> values(String sql) {
        try (var connection = queries.getConnection();
                var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(String.valueOf(row.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + sql, e);
        }
    }

    /** Changes its database by hand. */
    void run(String sql) {
        try (var connection = queries.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot run " + sql, e);
        }
    }

    /** Stops it for good. */
    void close() {
        stop();
        queries.close();
    }

    /** Where its database is, past the link. */
    DatabaseAddress rows() {
        return rows;
    }

    /** The regular files below a folder of its home, such as {@code staging}. */
    List<Path> files(String folder) {
        Path root = home.of(name).resolve(folder);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return files(folder); // something was removed while we looked
        }
    }
}
