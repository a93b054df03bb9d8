package io.onebox.controller.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/// The database: SQLite in one file. It writes one transaction at a time, so there is one connection and a lock.
/// Blocks: never on an event loop.
public final class Database implements AutoCloseable {

    /// Commands of another process may hold the file meanwhile.
    private static final int BUSY_MS = 5_000;

    private static final String MIGRATIONS = "classpath:io/onebox/controller";

    private final SQLiteDataSource source;
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();

    private Database(SQLiteDataSource source, Connection connection) {
        this.source = source;
        this.connection = connection;
    }

    /// The database cannot do what was asked.
    public static final class DatabaseException extends RuntimeException {
        DatabaseException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// What a transaction does.
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    /// Opens the file, or creates it for its owner alone. Its tables may be of an older version: see [#migrate].
    public static Database open(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MS);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = source.getConnection();
            connection.setAutoCommit(false);
            return new Database(source, connection);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + file, e);
        } catch (SQLException e) {
            throw new DatabaseException("cannot open the database " + file + ": " + e.getMessage(), e);
        }
    }

    /// Brings the tables to this version.
    ///
    /// @return how many steps it took
    public int migrate() {
        return flyway().migrate().migrationsExecuted;
    }

    /// How many steps [#migrate] would take.
    public int pending() {
        return flyway().info().pending().length;
    }

    private Flyway flyway() {
        return Flyway.configure()
                .dataSource(source)
                .locations(MIGRATIONS)
                .table("migration")
                .load();
    }

    /// Runs `work` and commits, or undoes all of it if it fails.
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        lock.lock();
        try {
            T result = work.run(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new DatabaseException("the database failed: " + e.getMessage(), e);
        } finally {
            rollback(); // Nothing is left to undo after a commit.
            lock.unlock();
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new DatabaseException("the database failed: " + e.getMessage(), e);
        }
    }

    /// Copies the whole database into a new file, while it is in use.
    public void copyTo(Path file) {
        lock.lock();
        try (Connection own = source.getConnection();
                var statement = own.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, file.toString());
            statement.execute();
        } catch (SQLException e) {
            throw new DatabaseException("cannot copy the database to " + file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DatabaseException("the database did not close: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
