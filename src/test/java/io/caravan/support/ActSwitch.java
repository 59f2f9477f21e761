package io.caravan.support;

import io.caravan.store.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** Holds a role just before the commit of an act's row, by a trigger that waits for a lock of this object. */
final class ActSwitch implements AutoCloseable {

    private static final int LOCK = 4712;
    private static final String WAITING = "locktype = 'advisory' AND NOT granted AND objid = " + LOCK
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private final Connection connection;
    private final KillAct act;

    private ActSwitch(Connection connection, KillAct act) {
        this.connection = connection;
        this.act = act;
    }

    /** Waits for the act from now on. */
    static ActSwitch arm(DatabaseAddress role, KillAct act) {
        try {
            ActSwitch made = new ActSwitch(DriverManager.getConnection(role.url(), role.user(), role.password()), act);
            made.run("SET lock_timeout = '30s'");
            made.run("SELECT pg_advisory_lock(%d)".formatted(LOCK));
            made.run("""
                    CREATE OR REPLACE FUNCTION hold_at_act() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      PERFORM pg_advisory_xact_lock_shared(%d);
                      RETURN NEW;
                    END $$""".formatted(LOCK));
            made.run("CREATE TRIGGER hold_at_act BEFORE INSERT OR UPDATE ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION hold_at_act()"
                    .formatted(act.table(), act.condition()));
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether somebody waits there now. */
    boolean isHeld() {
        try (var statement = connection.createStatement(); var row = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE " + WAITING)) {
            return row.next() && row.getInt(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process is dead: what it waited with is not committed after its death by a server that has not noticed. */
    void died() {
        run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE " + WAITING);
        Await.until("the end of the dead one's connections", Duration.ofSeconds(30), () -> !isHeld());
    }

    /** Lets go of whoever waits. */
    @Override
    public void close() {
        try (connection) {
            run("SELECT pg_advisory_unlock_all()");
            run("DROP TRIGGER hold_at_act ON " + act.table());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
