package io.caravan.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The PostgreSQL that comes with the program: one server, started once and shared by the roles of a process, a
 * database each. Data lies in the folder given and survives everything that PostgreSQL survives: fsync is on. It
 * listens on the loopback interface only and asks for the password that lies beside the data, readable by us alone.
 *
 * <p>When the process before us was killed its server may still run: starting on the same folder ends it first.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String USER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    private final EmbeddedPostgres server;
    private final String password;

    private PostgresServer(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
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
            Path secret = home.resolve("password");
            String password = password(secret);
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
                    .setConnectConfig("password", password);
            if (durable) {
                builder.setOverrideWorkingDirectory(home.resolve("bin").toFile())
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on");
            }
            if (port > 0) {
                builder.setPort(port);
            }
            return new PostgresServer(builder.start(), password);
        } catch (IOException | IllegalStateException e) {
            throw new IllegalStateException("the embedded PostgreSQL in " + home + " did not start: " + e.getMessage()
                    + "; look at the port, the disk, and whether this user may run 'unshare -U' when it is root", e);
        }
    }

    /** Where the database of that name is; it is created when it is not there. */
    public DatabaseAddress database(String name) {
        checked(name);
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var find = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?");
                var create = connection.createStatement()) {
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
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + checked(name) + " TEMPLATE " + checked(template));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot copy " + template + ": " + e.getMessage(), e);
        }
        return database(name);
    }

    public int port() {
        return server.getPort();
    }

    /** Stops the server; close every {@link Database} on it first. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a database");
        }
        return name;
    }

    private static String password(Path secret) throws IOException {
        if (Files.exists(secret)) {
            return Files.readString(secret).strip();
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, password, StandardOpenOption.TRUNCATE_EXISTING);
        return password;
    }
}
