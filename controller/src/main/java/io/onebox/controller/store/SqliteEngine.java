package io.onebox.controller.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// One file.
record SqliteEngine(Path file) implements Engine {

    /// Commands of another process may hold the file meanwhile.
    private static final int BUSY_MS = 5_000;

    /// Creates the file for its owner alone.
    @Override
    public Connection connect() throws SQLException {
        try {
            if (!exists()) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + file, e);
        }
        return source(TransactionMode.IMMEDIATE).getConnection();
    }

    /// Flyway reads over one connection while it writes over another, so its transactions begin without a lock.
    @Override
    public FluentConfiguration connect(FluentConfiguration flyway) {
        return flyway.dataSource(source(TransactionMode.DEFERRED));
    }

    /// An immediate transaction locks the file.
    @Override
    public void begin(Connection connection) {}

    @Override
    public void touch(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + (System.nanoTime() & Integer.MAX_VALUE));
        }
    }

    @Override
    public boolean isFull(SQLException failure) {
        return failure.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code;
    }

    @Override
    public boolean exists() {
        return Files.exists(file);
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private DataSource source(TransactionMode mode) {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(mode);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MS);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }
}
