package io.caravan.store;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Fills an empty database with the rows of a {@link DatabaseSnapshot}: all of them by {@link #commit}, or none. */
public final class DatabaseRefill implements AutoCloseable {

    private final Connection connection;

    public DatabaseRefill(DataSource database) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failed("begin", e);
        }
    }

    /** Whether any of these tables holds rows that somebody made; those that the schema's steps fill do not count. */
    public static boolean isUsed(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return exists(connection, "deal") && hasRows(connection, "deal")
                    || exists(connection, "chain_message") && hasRows(connection, "chain_message")
                    || exists(connection, "devnet_block") && hasRows(connection, "devnet_block")
                    || exists(connection, "setting") && hasRows(connection, "setting");
        } catch (SQLException e) {
            throw failed("look", e);
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement("SELECT to_regclass(?)")) {
            find.setString(1, table);
            ResultSet row = find.executeQuery();
            return row.next() && row.getString(1) != null;
        }
    }

    private static boolean hasRows(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + Identifier.of(table) + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Takes out what the schema's steps themselves put in. Until {@link #full}, the tables' own triggers rest: what they wrote is among
     * the rows.
     */
    public void empty(Collection<String> tables) {
        if (!tables.isEmpty()) {
            run("TRUNCATE " + Identifier.list(tables) + " CASCADE");
        }
        tables.forEach(table -> run("ALTER TABLE " + Identifier.of(table) + " DISABLE TRIGGER USER"));
    }

    /** All rows are in: the triggers work again. */
    public void full(Collection<String> tables) {
        tables.forEach(table -> run("ALTER TABLE " + Identifier.of(table) + " ENABLE TRIGGER USER"));
    }

    /** Reads rows as they were copied; how many there were. */
    public long copy(String table, List<String> columns, InputStream from) throws IOException {
        try {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + Identifier.of(table) + " ("
                    + Identifier.list(columns) + ") FROM STDIN (FORMAT text, ENCODING 'UTF8')", from);
        } catch (SQLException e) {
            throw failed("fill " + table, e);
        }
    }

    /** The next number that a sequence gives comes after that one. */
    public void counter(String sequence, long last) {
        run("SELECT setval('" + Identifier.of(sequence) + "', " + last + ")");
    }

    /** Notes a value that the node finds at its next start. */
    public void setting(String name, String value) {
        try (PreparedStatement put = connection.prepareStatement("INSERT INTO setting (name, value, updated_at) VALUES (?, ?, now())"
                + " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, updated_at = now()")) {
            put.setString(1, name);
            put.setString(2, value);
            put.executeUpdate();
        } catch (SQLException e) {
            throw failed("note " + name, e);
        }
    }

    /** From now on the rows are there. */
    public void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failed("commit", e);
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

    private void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed("prepare", e);
        }
    }

    private static IllegalStateException failed(String what, SQLException e) {
        return new IllegalStateException("the database could not be filled (" + what + "): " + e.getMessage(), e);
    }
}
