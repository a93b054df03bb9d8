package io.onebox.controller.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/// A kind of database: how it is reached, and how transactions of several programs come one after the other.
sealed interface Engine permits PostgresqlEngine, SqliteEngine {

    /// Opens a connection.
    Connection connect() throws SQLException;

    /// Tells Flyway how to connect.
    FluentConfiguration connect(FluentConfiguration flyway);

    /// Begins a transaction: it sees everything that was committed before, and nobody else writes until it ends.
    void begin(Connection connection) throws SQLException;

    /// Writes something that means nothing, and is not what stood there: SQLite writes no page that stays the same.
    void touch(Connection connection) throws SQLException;

    /// Whether something failed because the disk is full.
    boolean isFull(SQLException failure);

    /// Whether there is something to open yet.
    boolean exists();

    /// For people, without a password.
    @Override
    String toString();
}
