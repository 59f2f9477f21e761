package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A database of an older program, with a row in every table, is brought to the present without losing one. */
class UpgradeTest {

    private static final int OLD = 28;

    @Test
    void everyRowOfStep28IsThereAfterTheUpgrade() throws Exception {
        DatabaseAddress address = TestPostgres.empty();
        Map<String, Long> before;
        try (Database old = Database.bare(address, "old")) {
            Schema.ofRoles().layUpTo(old.dataSource(), OLD);
            assertThat(Schema.ofRoles().standing(old.dataSource()).found()).isEqualTo(OLD);
            new StateTables(old.sql()).sync();
            try (DatabaseSnapshot shape = new DatabaseSnapshot(old.dataSource())) {
                fill(old, shape);
            }
            before = counts(old);
            assertThat(before.values()).as("a row in every table").doesNotContain(0L);
        }
        List<Integer> heard = new ArrayList<>();
        Database.open(address, "new", older -> heard.add(older.found())).close();
        assertThat(heard).as("told before the rows are touched").containsExactly(OLD);
        Database.open(address, "again", older -> heard.add(older.found())).close();
        assertThat(heard).as("once").hasSize(1);
        try (Database now = Database.bare(address, "now")) {
            assertThat(Schema.ofRoles().standing(now.dataSource()).isCurrent()).isTrue();
            Map<String, Long> after = counts(now);
            before.forEach((table, rows) -> assertThat(after.get(table)).as(table).isGreaterThanOrEqualTo(rows));
            assertThat(one(now, "SELECT count(*) FROM deal WHERE proposal_cid = 'x'")).isEqualTo(1);
        }
    }

    /** One row a table, in the order of references, each column the least that its type and its checks take. */
    private static void fill(Database database, DatabaseSnapshot shape) throws SQLException {
        try (Connection connection = database.dataSource().getConnection(); Statement statement = connection.createStatement()) {
            for (String table : shape.tables()) {
                if (one(database, "SELECT count(*) FROM " + table) > 0) {
                    continue;
                }
                statement.execute(insert(connection, table));
            }
        }
    }

    private static String insert(Connection connection, String table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                "SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '" + table
                        + "' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'")) {
            while (rows.next()) {
                columns.put(rows.getString(1), value(connection, table, rows.getString(1), rows.getString(2)));
            }
        }
        return "INSERT INTO " + table + " (" + String.join(", ", columns.keySet()) + ") VALUES (" + String.join(", ", columns.values()) + ")";
    }

    /** Keys are 1 and 'x' everywhere, so that references fit; where a check names the words that it takes, the first of them. */
    private static String value(Connection connection, String table, String column, String type) throws SQLException {
        return switch (type) {
            case "text", "varchar" -> "'" + GIVEN.getOrDefault(table + "." + column, word(connection, table, column)) + "'";
            case "bytea" -> "'\\x00'";
            case "timestamptz" -> "now()";
            case "bool" -> "false";
            default -> GIVEN.getOrDefault(table + "." + column, "1");
        };
    }

    private static final Map<String, String> GIVEN = Map.of("sector.state", "Proving", "sector_event.from_state", "Proving",
            "sector_event.to_state", "Proving", "sector_piece.size_padded", "128");
    private static final Pattern FIRST_WORD = Pattern.compile("ARRAY\\['([^']+)'");

    private static String word(Connection connection, String table, String column) throws SQLException {
        for (String check : strings(connection, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = '" + table
                + "'::regclass AND pg_get_constraintdef(oid) LIKE '%(" + column + " = ANY%'")) {
            Matcher first = FIRST_WORD.matcher(check);
            if (first.find()) {
                return first.group(1);
            }
        }
        return column.equals("role") ? "client" : "x";
    }

    private static Map<String, Long> counts(Database database) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        try (DatabaseSnapshot shape = new DatabaseSnapshot(database.dataSource())) {
            for (String table : shape.tables()) {
                counts.put(table, one(database, "SELECT count(*) FROM " + table));
            }
        }
        return counts;
    }

    private static long one(Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }
}
