package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.RetryableException;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Sql sql = POSTGRES.database().sql();

    @Test
    void laysItsSchemaFromNothingAndFindsItAgain() {
        DatabaseAddress empty = TestPostgres.empty();
        for (int start = 0; start < 2; start++) {
            try (Database database = Database.open(empty, "fresh")) {
                assertThat(database.sql().list("deal_state/list", Map.of(), (row, n) -> row.getInt("code")))
                        .hasSize(31);
            }
        }
    }

    @Test
    void doesNotStartOnADatabaseThatKnowsOtherStates() {
        DatabaseAddress other = TestPostgres.fresh();
        try (Database database = Database.open(other, "other")) {
            database.sql().write("test/strange-state", Map.of());
        }
        assertThatThrownBy(() -> Database.open(other, "other")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("99 StorageDealDancing");
    }

    @Test
    void saysWhereNoDatabaseIs() {
        var nowhere = new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1", "me", "secret");
        assertThatThrownBy(() -> Database.open(nowhere, "x")).isInstanceOf(RetryableException.class)
                .hasMessageContaining("127.0.0.1:1").message().doesNotContain("secret");
        assertThatThrownBy(() -> new DatabaseAddress("mysql://x", "a", "b")).hasMessageContaining("caravan.db.url");
    }

    @Test
    void refusesParametersThatAStatementDoesNotName() {
        assertThatThrownBy(() -> sql.list("deal/due", Map.of("role", "client"), (row, n) -> 1))
                .hasMessageContaining("deal/due").hasMessageContaining("now");
        assertThatThrownBy(() -> sql.list("deal/due", Map.of("role", "client", "now", Instant.EPOCH, "more", 1),
                (row, n) -> 1))
                .hasMessageContaining("more");
        assertThatThrownBy(() -> sql.write("deal/dance", Map.of())).hasMessageContaining("no sql/deal/dance.sql");
    }

    @Test
    void undoesATransactionThatFails() {
        var settings = new SettingStore(sql, SettableClock.at(Instant.EPOCH));
        settings.put("color", "red");
        assertThatThrownBy(() -> sql.inTransaction(() -> {
            settings.put("color", "blue");
            throw new IllegalStateException("no");
        })).hasMessage("no");
        assertThat(settings.find("color")).contains("red");
        assertThat(settings.find("taste")).isEmpty();
    }

    @Test
    void tellsWhoFollowsWhatCameAfter() {
        var deals = POSTGRES.deals(SettableClock.at(Instant.EPOCH), "node");
        var outbox = new Outbox(sql);
        deals.insert(io.caravan.support.DealBuilder.aDeal("a").build(), io.caravan.model.DealEvent.OPEN);
        Outbox.Line line = outbox.after(0, 10).get(0);
        assertThat(line.topic()).isEqualTo("provider");
        assertThat(line.from() + line.event() + line.to()).isEqualTo("StorageDealUnknownOpenStorageDealValidating");
        assertThat(outbox.after(line.id(), 10)).isEmpty();
        assertThat(outbox.forget(Instant.EPOCH.plusSeconds(1), 10)).isEqualTo(1);
    }

    @Test
    void keepsWhatItWasToldAcrossARestartAndLetsNobodyInWithoutThePassword(@TempDir Path home) throws Exception {
        try (PostgresServer server = PostgresServer.start(home,
                0); Database database = Database.open(server.database("miner"), "m")) {
            var shown = new HashMap<String, String>();
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
                shown.put(setting, database.sql().one("test/show", Map.of("setting", setting), (row, n) ->
                        row.getString(1)).orElseThrow());
            }
            assertThat(shown.values()).containsOnly("on");
            new SettingStore(database.sql(), SettableClock.at(Instant.EPOCH)).put("a", "b");
            String url = server.database("miner").url();
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "wrong"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                .isEqualTo("rw-------");
        try (PostgresServer server = PostgresServer.start(home,
                0); Database database = Database.open(server.database("miner"), "m")) {
            assertThat(new SettingStore(database.sql(), SettableClock.at(Instant.EPOCH)).find("a")).contains("b");
        }
    }

    @Test
    void backsOffAsTheSettingsSayAtThatMoment() {
        AtomicReference<Backoff.Range> range = new AtomicReference<>(Backoff.Range.usual());
        Backoff backoff = new Backoff(range::get, new Random());
        assertThat(backoff.after(0)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        range.set(new Backoff.Range(Duration.ofMillis(10), Duration.ofMillis(20)));
        assertThat(backoff.after(9)).isBetween(Duration.ofMillis(16), Duration.ofMillis(24));
    }

    @Test
    void backsOffWithinItsBounds() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new Random()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Backoff.usual(new Random()).after(1_000_000)).isLessThanOrEqualTo(Duration.ofMinutes(12));
    }
}
