package io.caravan.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that already runs on a data folder, found by the {@code postmaster.pid} that PostgreSQL itself keeps there.
 *
 * @param pid its process
 */
record RunningPostgres(long pid, int port) {

    /** A server that is still recovering after a crash answers with this state. */
    private static final String STARTING_UP = "57P03";
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration RETRY = Duration.ofMillis(50);

    /** The server on that data folder; empty when none runs, also when the file is left over from a dead one. */
    static Optional<RunningPostgres> find(Path data, String user, String password) {
        Optional<RunningPostgres> noted = read(data.resolve("postmaster.pid"));
        return noted.filter(server -> server.answers(user, password));
    }

    /** Opens a connection to the maintenance database. */
    Connection connect(String user, String password) throws SQLException {
        return connect(port, user, password);
    }

    static Connection connect(int port, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("ApplicationName", "caravan-server");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }

    /** Asks the server to end once its last client has gone, and waits for it, within a bound. */
    void stop() {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroy();
            long until = System.nanoTime() + STOP_LIMIT.toNanos();
            while (process.isAlive() && System.nanoTime() < until) {
                LockSupport.parkNanos(RETRY.toNanos());
            }
        });
    }

    private boolean answers(String user, String password) {
        long until = System.nanoTime() + RECOVERY_LIMIT.toNanos();
        while (true) {
            try (Connection connection = connect(user, password)) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if (!STARTING_UP.equals(e.getSQLState()) || System.nanoTime() > until) {
                    return false;
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private static Optional<RunningPostgres> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return Optional.of(new RunningPostgres(Long.parseLong(lines.get(0).strip()), Integer.parseInt(lines.get(3).strip())));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty(); // no server, or one that never came up
        }
    }
}
