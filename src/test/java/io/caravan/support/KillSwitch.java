package io.caravan.support;

import io.caravan.store.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Arrests deals and sectors of a role, one at each of several points, so that one kill -9 meets all of them there.
 * Triggers do it: the first that enters a point's state is bound to the point and put off for an hour, which leaves it
 * committed and unclaimed; {@link #go} lets it on to its moment. A move out of the state waits, just before its commit, for a
 * lock that this object holds. A claim is written down and passed over, and becomes the row's by {@link #died}: what a process
 * leaves that dies between the commit of its claim and its first act. (A claim that waited would take one of the few
 * threads that claim.) Who is in a state that others end is not put off, and its claim does wait, so that nobody ends the state.
 */
public final class KillSwitch implements AutoCloseable {

    private static final int LOCK = 4711;
    private static final String TRIGGERS = """
            CREATE TABLE IF NOT EXISTS kill_point
              (id int PRIMARY KEY, topic text NOT NULL, state text NOT NULL, moment text NOT NULL, key text, armed boolean NOT NULL,
               waits boolean NOT NULL, lease_owner text, lease_token text, lease_until timestamptz);

            CREATE OR REPLACE FUNCTION waits_at_kill_point(t text, s text, k text) RETURNS boolean LANGUAGE sql AS $$
              SELECT EXISTS (SELECT 1 FROM kill_point WHERE topic = t AND state = s AND key = k AND NOT armed)
            $$;

            CREATE OR REPLACE FUNCTION caught_at_kill_point(t text, s text, k text) RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
              UPDATE kill_point SET key = k WHERE id = (
                SELECT id FROM kill_point WHERE topic = t AND state = s AND key IS NULL
                   AND NOT EXISTS (SELECT 1 FROM kill_point o WHERE o.topic = t AND o.key = k)
                 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
              RETURN FOUND AND waits_at_kill_point(t, s, k);
            END $$;

            CREATE OR REPLACE FUNCTION hold_at_kill_point(t text, s text, k text, m text) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE point int;
            BEGIN
              SELECT id INTO point FROM kill_point WHERE topic = t AND state = s AND key = k AND moment = m AND armed;
              IF FOUND THEN PERFORM pg_advisory_xact_lock_shared(%1$d, point); END IF;
            END $$;

            CREATE OR REPLACE FUNCTION is_claim_kept(t text, s text, k text, owner text, token text, until timestamptz)
                RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM hold_at_kill_point(t, s, k, 'BEFORE') FROM kill_point WHERE topic = t AND state = s AND key = k AND waits;
              UPDATE kill_point SET lease_owner = owner, lease_token = token, lease_until = until
               WHERE topic = t AND state = s AND key = k AND moment = 'BEFORE' AND armed AND NOT waits;
              RETURN FOUND;
            END $$;

            CREATE OR REPLACE FUNCTION deal_at_kill_point() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE name text := (SELECT d.name FROM deal_state d WHERE d.code = NEW.state);
            BEGIN
              IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
                IF caught_at_kill_point(NEW.role, name, NEW.proposal_cid) THEN NEW.run_after := now() + interval '1 hour'; END IF;
              ELSIF waits_at_kill_point(NEW.role, name, NEW.proposal_cid) THEN
                NEW.run_after := now() + interval '1 hour';
              ELSIF NEW.lease_token IS NOT NULL AND NEW.lease_token IS DISTINCT FROM OLD.lease_token THEN
                IF is_claim_kept(NEW.role, name, NEW.proposal_cid, NEW.lease_owner, NEW.lease_token, NEW.lease_until) THEN RETURN NULL; END IF;
              END IF;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER deal_at_kill_point BEFORE INSERT OR UPDATE ON deal
              FOR EACH ROW EXECUTE FUNCTION deal_at_kill_point();

            CREATE OR REPLACE FUNCTION sector_at_kill_point() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
                IF caught_at_kill_point('sector', NEW.state, NEW.number::text) THEN NEW.run_after := now() + interval '1 hour'; END IF;
              ELSIF waits_at_kill_point('sector', NEW.state, NEW.number::text) THEN
                NEW.run_after := now() + interval '1 hour';
              ELSIF NEW.lease_token IS NOT NULL AND NEW.lease_token IS DISTINCT FROM OLD.lease_token THEN
                IF is_claim_kept('sector', NEW.state, NEW.number::text, NEW.lease_owner, NEW.lease_token, NEW.lease_until) THEN RETURN NULL; END IF;
              END IF;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER sector_at_kill_point BEFORE INSERT OR UPDATE ON sector
              FOR EACH ROW EXECUTE FUNCTION sector_at_kill_point();

            CREATE OR REPLACE FUNCTION move_at_kill_point() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.to_state <> NEW.from_state THEN
                PERFORM hold_at_kill_point(NEW.topic, NEW.from_state, NEW.key, 'LEAVING');
              END IF;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER move_at_kill_point BEFORE INSERT ON outbox
              FOR EACH ROW EXECUTE FUNCTION move_at_kill_point();
            """.formatted(LOCK);

    private static final String WORKED = """
            SELECT p.id FROM kill_point p JOIN deal d ON d.role = p.topic AND d.proposal_cid = p.key JOIN deal_state s ON s.code = d.state
             WHERE p.moment = 'DURING' AND p.armed AND (%s)
            UNION ALL
            SELECT p.id FROM kill_point p JOIN sector s ON p.topic = 'sector' AND s.number::text = p.key
             WHERE p.moment = 'DURING' AND p.armed AND (%s)""";

    private final Connection connection;
    private final List<KillPoint> points;

    private KillSwitch(Connection connection, List<KillPoint> points) {
        this.connection = connection;
        this.points = List.copyOf(points);
    }

    /** Waits at those points for whoever comes; none may be armed in that database yet. */
    public static KillSwitch arm(DatabaseAddress role, List<KillPoint> points) {
        try {
            Connection connection = DriverManager.getConnection(role.url(), role.user(), role.password());
            KillSwitch made = new KillSwitch(connection, points);
            made.run("SET lock_timeout = '30s'");
            made.run(TRIGGERS);
            made.run("DELETE FROM kill_point");
            for (int id = 0; id < points.size(); id++) {
                made.run("SELECT pg_advisory_lock(%d, %d)".formatted(LOCK, id));
                try (var insert = connection.prepareStatement("INSERT INTO kill_point VALUES (?, ?, ?, ?, NULL, ?, ?)")) {
                    insert.setInt(1, id);
                    insert.setString(2, points.get(id).topic());
                    insert.setString(3, points.get(id).state());
                    insert.setString(4, points.get(id).moment().name());
                    insert.setBoolean(5, points.get(id).isEndedByOthers());
                    insert.setBoolean(6, points.get(id).isEndedByOthers());
                    insert.execute();
                }
            }
            return made;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The points at which somebody has arrived. */
    public Set<KillPoint> caught() {
        return points("SELECT id FROM kill_point WHERE key IS NOT NULL");
    }

    /** Lets those that were caught on to their moment. */
    public void go() {
        run("UPDATE kill_point SET armed = true");
        wake("moment <> 'COMMITTED'");
    }

    /** The points at which somebody is at the moment now; who works is known by its lease, and may be done already. */
    public Set<KillPoint> atMoment() {
        Set<KillPoint> there = points("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = " + LOCK);
        there.addAll(points("SELECT id FROM kill_point WHERE moment = 'COMMITTED' AND key IS NOT NULL OR lease_token IS NOT NULL"));
        there.addAll(points(WORKED.formatted("d.lease_token IS NOT NULL OR s.name <> p.state", "s.lease_token IS NOT NULL OR s.state <> p.state")));
        return there;
    }

    /** The points of work going on whose deal or sector is under work this very moment. */
    public Set<KillPoint> atWork() {
        return points(WORKED.formatted("d.lease_token IS NOT NULL AND s.name = p.state", "s.lease_token IS NOT NULL AND s.state = p.state"));
    }

    /** Makes the claims that were passed over the rows' own, as the process left them that is dead now. */
    public void died() {
        int claims = run("UPDATE kill_point SET moment = 'CLAIMED' WHERE lease_token IS NOT NULL");
        int rows = run("UPDATE deal d SET lease_owner = p.lease_owner, lease_token = p.lease_token, lease_until = p.lease_until FROM kill_point p, deal_state s"
                + " WHERE p.moment = 'CLAIMED' AND p.topic = d.role AND p.key = d.proposal_cid AND s.name = p.state AND s.code = d.state");
        rows += run("UPDATE sector s SET lease_owner = p.lease_owner, lease_token = p.lease_token, lease_until = p.lease_until FROM kill_point p"
                + " WHERE p.moment = 'CLAIMED' AND p.topic = 'sector' AND p.key = s.number::text AND s.state = p.state");
        if (rows != claims) {
            throw new AssertionError(claims + " claims were in hand, " + rows + " rows still stand there");
        }
    }

    /** What holds where, for a failure's message. */
    public String story() {
        return "caught " + caught() + ", at their moment " + atMoment() + " of " + points;
    }

    /** Lets go of everybody; those that were put off have their turn now. To be called when the process is dead, or to let it live. */
    @Override
    public void close() {
        try (connection) {
            run("SELECT pg_advisory_unlock_all()");
            run("UPDATE kill_point SET armed = true"); // nobody is put off any more
            wake("key IS NOT NULL");
            run("DELETE FROM kill_point");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void wake(String which) {
        run("UPDATE deal d SET run_after = now() FROM kill_point p, deal_state s WHERE p.topic = d.role AND p.key = d.proposal_cid"
                + " AND s.name = p.state AND s.code = d.state AND d.run_after > now() AND " + which);
        run("UPDATE sector s SET run_after = now() FROM kill_point p WHERE p.topic = 'sector' AND p.key = s.number::text"
                + " AND s.state = p.state AND s.run_after > now() AND " + which);
    }

    private Set<KillPoint> points(String sql) {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            List<KillPoint> found = new ArrayList<>();
            while (rows.next()) {
                found.add(points.get(rows.getInt(1)));
            }
            return new HashSet<>(found);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private int run(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            return Math.max(0, statement.getUpdateCount());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
