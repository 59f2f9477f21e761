package io.caravan.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that comes with the program: one server a home folder, shared by the roles of a process and by the
 * processes of a machine, a database for each role. Data lies in the folder given and survives everything that
 * PostgreSQL survives: fsync is on. It listens on the loopback interface only and asks for the password that lies beside
 * the data, readable by us alone.
 *
 * <p>Who comes first starts it; who comes later, also after a kill, uses the one that runs; who leaves last stops it. Users
 * count themselves by a shared advisory lock, which PostgreSQL gives back when a process dies.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final String USER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    /** The advisory lock that every user of the server holds in shared mode. */
    private static final long IN_USE = 0x6361726176616eL;

    private final Path home;
    private final int port;
    private final String password;
    private final Connection presence;

    /** The server as we started it; null when it ran already. */
    private final @Nullable EmbeddedPostgres launched;

    private PostgresServer(Path home, int port, String password, @Nullable EmbeddedPostgres launched)
            throws SQLException {
        this.home = home;
        this.launched = launched;
        this.port = port;
        this.password = password;
        this.presence = RunningPostgres.connect(port, USER, password);
        run(presence, "SELECT pg_advisory_lock_shared(" + IN_USE + ")");
    }

    /**
     * Starts the server on its folder, making both when they are not there (seconds the first time, less than one after).
     *
     * @param home holds {@code data/}, {@code bin/} and the password
     * @param port 0 picks a free one
     * @throws IllegalStateException when it does not come up, saying what to look at
     */
    public static PostgresServer start(Path home, int port) {
        return start(home, port, true);
    }

    /** For tests: without durability, on a folder that nobody needs later. */
    public static PostgresServer startWithoutDurability(Path home) {
        return start(home, 0, false);
    }

    private static PostgresServer start(Path home, int port, boolean durable) {
        try {
            Files.createDirectories(home);
            try (FileChannel channel = lockFile(home); FileLock lock = channel.lock()) {
                Path secret = home.resolve("password");
                String password = password(secret);
                Path data = home.resolve("data");
                Optional<RunningPostgres> running = RunningPostgres.find(data, USER, password);
                if (running.isPresent()) {
                    return new PostgresServer(home, running.get().port(), password, null);
                }
                EmbeddedPostgres launched = launch(home, port, durable, secret, password);
                return new PostgresServer(home, launched.getPort(), password, launched);
            }
        } catch (IOException | IllegalStateException | SQLException | ExceptionInInitializerError e) {
            throw new IllegalStateException("the embedded PostgreSQL in " + home + " did not start: " + e.getMessage()
                    + "; look at the port, the disk, and whether this user may run 'unshare -U' when it is root", e);
        }
    }

    private static EmbeddedPostgres launch(Path home, int port, boolean durable, Path secret, String password)
            throws IOException {
        Path complete = home.resolve("complete");
        if (!Files.exists(complete)) {
            UnfinishedFiles.remove(home.resolve("data"));
        }
        UnfinishedFiles.removePrograms(home.resolve("bin"));
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(home.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(!durable)
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("max_connections", "60")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("timezone", "UTC")
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", secret.toAbsolutePath().toString())
                .setLocaleConfig("encoding", "UTF8")
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("set", "scram_iterations=1") // the password is a random one: stretching it only slows each connection
                .setConnectConfig("password", password);
        if (durable) {
            builder.setOverrideWorkingDirectory(home.resolve("bin").toFile())
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on");
        } else {
            builder.setServerConfig("full_page_writes", "off")
                    .setServerConfig("wal_level", "minimal")
                    .setServerConfig("max_wal_senders", "0")
                    .setServerConfig("autovacuum", "off");
        }
        if (port > 0) {
            builder.setPort(port);
        }
        EmbeddedPostgres launched = builder.start();
        Files.writeString(complete, "initdb and a first start went well\n");
        return launched;
    }

    /** Where the database of that name is; it is created when it is not there. */
    public synchronized DatabaseAddress database(String name) {
        checked(name);
        try (var find = presence.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?");
                var create = presence.createStatement()) {
            find.setString(1, name);
            if (!find.executeQuery().next()) {
                create.execute("CREATE DATABASE " + name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database " + name + ": " + e.getMessage(), e);
        }
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port() + "/" + name, USER, password);
    }

    /** A copy of one database under a new name; nobody may be connected to the one that is copied. */
    public DatabaseAddress copy(String template, String name) {
        try (Connection connection = RunningPostgres.connect(port, USER, password);
                var create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + checked(name) + " TEMPLATE " + checked(template));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot copy " + template + ": " + e.getMessage(), e);
        }
        return database(name);
    }

    public int port() {
        return port;
    }

    /** Leaves the server, and stops it when nobody else uses it; close every {@link Database} on it first. */
    @Override
    public void close() {
        try (FileChannel channel = lockFile(home); FileLock lock = channel.lock()) {
            if (leave()) {
                stop(); // under the file's lock: nobody comes in between
            }
        } catch (IOException | SQLException e) {
            LOG.warn("could not see whether others use the embedded PostgreSQL in {}: it stays up ({})", home, e.toString());
        }
    }

    /** Whether nobody else uses the server. */
    private boolean leave() throws SQLException {
        try (Connection mine = presence) {
            run(mine, "SELECT pg_advisory_unlock_shared(" + IN_USE + ")");
            return alone(mine);
        }
    }

    private void stop() throws IOException {
        if (launched != null) {
            launched.close(); // gives the library's own lock on the folder back, so that we may start it again
        } else {
            RunningPostgres.find(home.resolve("data"), USER, password).ifPresent(RunningPostgres::stop);
        }
    }

    private static boolean alone(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_try_advisory_lock(" + IN_USE + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FileChannel lockFile(Path home) throws IOException {
        return FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a database");
        }
        return name;
    }

    private static String password(Path secret) throws IOException {
        String known = Files.exists(secret) ? Files.readString(secret).strip() : "";
        if (!known.isEmpty()) {
            return known;
        }
        Files.deleteIfExists(secret); // a kill between making and filling it leaves an empty file
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, password, StandardOpenOption.TRUNCATE_EXISTING);
        return password;
    }
}
