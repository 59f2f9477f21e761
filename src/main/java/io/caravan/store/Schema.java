package io.caravan.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The tables of one database and the steps that lead to them. A schema that is current is recognised by one query, and
 * Flyway is asked only where there is something to do.
 */
public final class Schema {

    private static final String UNDEFINED_TABLE = "42P01";

    private final String folder;
    private final String history;
    private final boolean joinsOthers;

    private Schema(String folder, String history, boolean joinsOthers) {
        this.folder = folder;
        this.history = history;
        this.joinsOthers = joinsOthers;
    }

    /** The schema of daemon and miner. */
    public static Schema ofRoles() {
        return new Schema("sql/migration", "flyway_schema_history", false);
    }

    /** A schema of its own in a database that others may keep tables in. */
    public static Schema beside(String folder, String history) {
        return new Schema(folder, history, true);
    }

    /** One step that a database went through. */
    private record Step(int version, String script, int checksum) {
    }

    /**
     * How a database stands to this program.
     *
     * @param found the newest step that it went through; 0 is an empty one
     * @param wanted the newest step that this program knows
     * @param isCurrent whether every step is there, as shipped, and no other
     */
    public record Standing(int found, int wanted, boolean isCurrent) {

        /** Whether rows of an older program lie there, which the next {@link #apply} brings up to date. */
        public boolean isOlder() {
            return found > 0 && found < wanted;
        }

        /** Whether a newer program was here. */
        public boolean isNewer() {
            return found > wanted;
        }
    }

    /** The newest step that this program knows. */
    public int newest() {
        return Migration.shipped(folder).stream().mapToInt(Migration::version).max().orElse(0);
    }

    /** Looks, and changes nothing. */
    public Standing standing(DataSource database) {
        List<Migration> shipped = Migration.shipped(folder);
        List<Step> steps = steps(database);
        Set<Step> wanted = new HashSet<>();
        shipped.forEach(migration -> wanted.add(new Step(migration.version(), migration.script(), migration.checksum())));
        int newest = shipped.isEmpty() ? 0 : shipped.get(shipped.size() - 1).version();
        int found = steps.stream().mapToInt(Step::version).max().orElse(0);
        return new Standing(found, newest, wanted.equals(Set.copyOf(steps)));
    }

    /**
     * Takes the steps that are missing; without harm when none are.
     *
     * @throws IllegalStateException when a newer program was here, or a step is not as it was shipped
     */
    public void apply(DataSource database) {
        apply(database, older -> { });
    }

    /** The same; somebody hears of rows of an older program before they are touched, and may keep them. */
    public void apply(DataSource database, Consumer<Standing> beforeUpgrade) {
        Standing standing = standing(database);
        if (standing.isNewer()) {
            throw new IllegalStateException(refusal(standing));
        }
        if (standing.isOlder()) {
            beforeUpgrade.accept(standing);
        }
        if (!standing.isCurrent()) {
            flyway(database).load().migrate();
        }
    }

    /** Lays an empty database up to one step, so that rows of that time fit; {@link #apply} takes the rest later. */
    public void layUpTo(DataSource database, int step) {
        flyway(database).target(String.valueOf(step)).load().migrate();
    }

    private FluentConfiguration flyway(DataSource database) {
        FluentConfiguration flyway = Flyway.configure(Schema.class.getClassLoader()).dataSource(database)
                .locations("classpath:" + folder).table(history);
        return joinsOthers ? flyway.baselineOnMigrate(true).baselineVersion("0") : flyway;
    }

    /** Why this program does not touch a newer schema, and what to do. */
    public static String refusal(Standing standing) {
        return "a newer Caravan was here: the database's schema is at step %d, this program knows %d. Start the newer program again, or go back: stop it, move the home folder's role aside and run ./caravan restore with the backup made before the upgrade"
                .formatted(standing.found(), standing.wanted());
    }

    private List<Step> steps(DataSource database) {
        List<Step> steps = new ArrayList<>();
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT version, script, checksum FROM " + history + " WHERE success AND type = 'SQL'")) {
            while (rows.next()) {
                steps.add(new Step(Integer.parseInt(rows.getString(1)), rows.getString(2), rows.getInt(3)));
            }
            return steps;
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return List.of();
            }
            throw new IllegalStateException("cannot read which schema the database has: " + e.getMessage(), e);
        }
    }
}
