package io.onebox.controller.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Statements with their parameters; values never become part of a statement's text.
public final class Sql {

    private Sql() {}

    /// Makes a value of a row.
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Changes rows.
    ///
    /// @return how many
    public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = statement(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /// All rows.
    public static <T> List<T> list(Connection connection, Row<T> read, String sql, Object... parameters)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = statement(connection, sql, parameters);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(read.read(result));
            }
        }
        return rows;
    }

    /// The only row, if there is one.
    public static <T> Optional<T> one(Connection connection, Row<T> read, String sql, Object... parameters)
            throws SQLException {
        return list(connection, read, sql, parameters).stream().findFirst();
    }

    private static PreparedStatement statement(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i] instanceof String text ? storable(text) : parameters[i]);
        }
        return statement;
    }

    /// A text that every database keeps as it is: PostgreSQL's hold no NUL.
    static String storable(String text) {
        return text.replace('\0', '\ufffd');
    }
}
