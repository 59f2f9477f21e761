package io.caravan.support;

import io.caravan.store.Backoff;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real PostgreSQL for tests: one server a JVM, a fresh database a test class, copied from a migrated template.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestPostgres POSTGRES = new TestPostgres();
 * }</pre>
 */
public final class TestPostgres implements BeforeAllCallback, AfterAllCallback {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final class Server {
        static final PostgresServer SERVER = start();

        private static PostgresServer start() {
            try {
                PostgresServer server = PostgresServer.startWithoutDurability(Files.createTempDirectory("caravan-pg"));
                Database.open(server.database("template_caravan"), "template").close();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private DatabaseAddress address;
    private Database database;

    @Override
    public void beforeAll(ExtensionContext context) {
        address = fresh();
        database = Database.open(address, "test");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        database.close();
    }

    /** The class's database. */
    public Database database() {
        return database;
    }

    /** Where it is, for a second pool as a second node would have. */
    public DatabaseAddress address() {
        return address;
    }

    /** A deal store on the class's database, as the named node would have. */
    public PostgresDealStore deals(Clock clock, String node) {
        return new PostgresDealStore(database.sql(), clock, node, Deadlines.usual(), Backoff.usual(new Random(1)));
    }

    /** A migrated database of its own, for a test that needs more than one. */
    public static DatabaseAddress fresh() {
        return fresh("test_" + NUMBER.incrementAndGet());
    }

    /** The same under a name of the caller's choice, which is used once. */
    public static DatabaseAddress fresh(String name) {
        return Server.SERVER.copy("template_caravan", name);
    }

    /** An empty database, without a schema. */
    public static DatabaseAddress empty() {
        return empty("empty_" + NUMBER.incrementAndGet());
    }

    /** The same under a name of the caller's choice. */
    public static DatabaseAddress empty(String name) {
        return Server.SERVER.database(name);
    }
}
