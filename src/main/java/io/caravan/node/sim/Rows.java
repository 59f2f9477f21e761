package io.caravan.node.sim;

import io.caravan.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks into a role's tables as an auditor would, beside the stores. */
final class Rows {

    private Rows() {}

    /** The rows of a query, each column as text; null where it is null. */
    static List<String[]> of(Database database, String sql, Object... arguments) {
        List<String[]> rows = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    String[] row = new String[columns];
                    for (int column = 0; column < columns; column++) {
                        row[column] = result.getString(column + 1);
                    }
                    rows.add(row);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot read: " + e.getMessage(), e);
        }
        return rows;
    }

    /** How many rows that FROM clause gives. */
    static long count(Database database, String from) {
        return Long.parseLong(of(database, "SELECT count(*) FROM " + from).get(0)[0]);
    }
}
