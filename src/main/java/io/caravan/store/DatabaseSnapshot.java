package io.caravan.store;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * All rows of a database as they were at one moment, read while others go on writing: one transaction that only reads. Rows are
 * streamed, never kept.
 */
public final class DatabaseSnapshot implements AutoCloseable {

    /** Quartz writes its own tables anew at each start, and what a schema went through is laid again by its steps. */
    private static final String LEFT_OUT = "('flyway_schema_history', 'devnet_schema_history')";
    private static final String TABLES = "SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname NOT IN " + LEFT_OUT
            + " AND c.relname NOT LIKE 'qrtz\\_%' ORDER BY c.relname";
    private static final String REFERENCES = "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent"
            + " FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid";

    private final Connection connection;

    /** Begins the moment. */
    public DatabaseSnapshot(DataSource database) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1"); // the first statement fixes what all later ones see
            }
        } catch (SQLException e) {
            throw failed("begin", e);
        }
    }

    /** Every table of ours, each after those that its rows refer to. */
    public List<String> tables() {
        Map<String, Set<String>> parents = new LinkedHashMap<>();
        query(TABLES, row -> parents.put(row.getString("relname"), new LinkedHashSet<>()));
        query(REFERENCES, row -> {
            Set<String> known = parents.get(row.getString("child"));
            if (known != null && parents.containsKey(row.getString("parent"))) {
                known.add(row.getString("parent"));
            }
        });
        List<String> ordered = new ArrayList<>();
        while (ordered.size() < parents.size()) {
            int before = ordered.size();
            parents.forEach((table, needs) -> {
                if (!ordered.contains(table) && ordered.containsAll(needs)) {
                    ordered.add(table);
                }
            });
            if (ordered.size() == before) {
                throw new IllegalStateException("the tables refer to each other in a circle: " + parents);
            }
        }
        return ordered;
    }

    /** The columns of a table that are written, not computed, in their order. */
    public List<String> columns(String table) {
        List<String> columns = new ArrayList<>();
        query("SELECT attname FROM pg_attribute WHERE attrelid = '" + Identifier.of(table) + "'::regclass AND attnum > 0"
                + " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum", row -> columns.add(row.getString("attname")));
        return columns;
    }

    /** Where each sequence stands, by its name; at least as far as the rows. One that has not begun is left out. */
    public Map<String, Long> counters() {
        List<String> names = new ArrayList<>();
        query("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
                + " AND c.relkind = 'S' ORDER BY 1", row -> names.add(row.getString(1)));
        Map<String, Long> counters = new LinkedHashMap<>();
        for (String name : names) {
            query("SELECT last_value FROM " + Identifier.of(name) + " WHERE is_called", at -> counters.put(name, at.getLong("last_value")));
        }
        return counters;
    }

    /** Writes a table's rows, a line each as PostgreSQL copies them; how many there were. */
    public long copy(String table, OutputStream to) throws IOException {
        try {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY " + Identifier.of(table) + " ("
                    + Identifier.list(columns(table)) + ") TO STDOUT (FORMAT text, ENCODING 'UTF8')", to);
        } catch (SQLException e) {
            throw failed("copy " + table, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            throw failed("end", e);
        }
    }

    /** What is done with each row. */
    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private void query(String sql, Row each) {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.take(rows);
            }
        } catch (SQLException e) {
            throw failed("look", e);
        }
    }

    private static IllegalStateException failed(String what, SQLException e) {
        return new IllegalStateException("the database could not be read whole (" + what + "): " + e.getMessage(), e);
    }
}
