package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share one home folder share one server: here each handle stands for a process. */
class PostgresServerTest {

    @TempDir
    Path home;

    @Test
    void theSecondUserGetsTheServerThatRunsAndTheLastOneStopsIt() throws Exception {
        PostgresServer first = PostgresServer.start(home, 0);
        PostgresServer second = PostgresServer.start(home, 0);
        assertThat(second.port()).isEqualTo(first.port());
        first.close();
        DatabaseAddress address = second.database("still_here");
        try (var connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT current_setting('fsync'), current_setting('synchronous_commit')")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("on");
            assertThat(row.getString(2)).isEqualTo("on");
        }
        long pid = Long.parseLong(Files.readAllLines(home.resolve("data/postmaster.pid")).get(0));
        second.close();
        ProcessHandle.of(pid).ifPresent(process -> assertThat(process.onExit())
                .succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void aClusterWhoseCreationWasKilledIsMadeAgain() throws Exception {
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/postgresql.conf"), "half written");
        try (PostgresServer server = PostgresServer.start(home, 0)) {
            assertThat(server.database("works").url()).contains("works");
        }
    }
}
