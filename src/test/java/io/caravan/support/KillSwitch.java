package io.caravan.support;

import io.caravan.store.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Holds a role just before it commits a move out of a state, so that a kill there comes after everything the phase did and
 * before anybody noted it: the worst moment there is. A trigger on the outbox waits for a lock that this object holds.
 */
public final class KillSwitch implements AutoCloseable {

    private static final long LOCK = 4711;
    private static final String TRIGGER = """
            CREATE TABLE IF NOT EXISTS kill_point (topic text NOT NULL, from_state text NOT NULL);
            CREATE OR REPLACE FUNCTION hold_at_kill_point() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT 1 FROM kill_point
                          WHERE topic = NEW.topic AND from_state = NEW.from_state AND NEW.to_state <> NEW.from_state) THEN
                PERFORM pg_advisory_xact_lock(%d);
              END IF;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER hold_at_kill_point BEFORE INSERT ON outbox
              FOR EACH ROW EXECUTE FUNCTION hold_at_kill_point();
            """.formatted(LOCK);

    private final Connection connection;

    private KillSwitch(Connection connection) {
        this.connection = connection;
    }

    /** Arms the switch for moves of that topic out of that state. */
    public static KillSwitch arm(DatabaseAddress role, String topic, String state) {
        try {
            Connection connection = DriverManager.getConnection(role.url(), role.user(), role.password());
            KillSwitch made = new KillSwitch(connection);
            made.run(TRIGGER);
            made.run("SELECT pg_advisory_lock(" + LOCK + ")");
            try (var insert = connection.prepareStatement("INSERT INTO kill_point VALUES (?, ?)")) {
                insert.setString(1, topic);
                insert.setString(2, state);
                insert.execute();
            }
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** True while a move waits to be committed. */
    public boolean isHolding() {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = " + LOCK)) {
            row.next();
            return row.getLong(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets go what is held, and everything that comes after. */
    @Override
    public void close() {
        try (connection) {
            run("DELETE FROM kill_point");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
