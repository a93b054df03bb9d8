package io.onebox.controller.store;

import io.onebox.shared.config.DatabaseConfig.PostgresqlServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/// A database of a PostgreSQL server, which several nodes share. Their transactions come one after the other, as those
/// of SQLite do, by a lock of the whole database that a transaction holds until it ends.
///
/// A node that stops in the middle of a transaction, frozen or cut off, must not hold the others up: the server then
/// ends its session, and so undoes what it has begun.
record PostgresqlEngine(PostgresqlServer config) implements Engine {

    /// Any number, but the same for every node.
    private static final long LOCK = 0x6f6e65626f78L;

    /// How long a transaction may wait for its own node. A healthy one goes on within milliseconds.
    private static final int IDLE_MS = 3_000;

    /// How long a statement may take, waiting for the lock included; longer than a frozen node can hold it.
    private static final int STATEMENT_MS = 8_000;

    /// After this the server is unreachable.
    private static final int SOCKET_SECONDS = 10;

    private static final int CONNECT_SECONDS = 3;

    /// PostgreSQL's manual, Appendix A.
    private static final String DISK_FULL = "53100";

    @Override
    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", config.user());
        properties.setProperty("password", password());
        properties.setProperty("socketTimeout", Integer.toString(SOCKET_SECONDS));
        properties.setProperty(
                "options",
                "-c idle_in_transaction_session_timeout=%d -c statement_timeout=%d".formatted(IDLE_MS, STATEMENT_MS));
        return DriverManager.getConnection(url(), properties);
    }

    /// Without a limit: a step may change a large table.
    @Override
    public FluentConfiguration connect(FluentConfiguration flyway) {
        return flyway.dataSource(url(), config.user(), password());
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
            lock.setLong(1, LOCK);
            lock.execute();
        }
    }

    @Override
    public void touch(Connection connection) throws SQLException {
        Sql.update(connection, "UPDATE fleet SET epoch = epoch WHERE id = 1");
    }

    @Override
    public boolean isFull(SQLException failure) {
        return DISK_FULL.equals(failure.getSQLState());
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public String toString() {
        return config.toString();
    }

    private String url() {
        return "jdbc:postgresql://%s/%s?ApplicationName=onebox-controller&tcpKeepAlive=true&connectTimeout=%d"
                .formatted(config.server(), config.name(), CONNECT_SECONDS);
    }

    private String password() {
        return config.passwordFile().map(PostgresqlEngine::firstLine).orElse("");
    }

    private static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read database.password-file " + file, e);
        }
    }
}
