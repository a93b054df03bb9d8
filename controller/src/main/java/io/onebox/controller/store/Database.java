package io.onebox.controller.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/// The database: SQLite in one file. It writes one transaction at a time, so there is one connection.
/// Blocks: never on an event loop.
public final class Database implements AutoCloseable {

    /// Commands of another process may hold the file meanwhile.
    private static final int BUSY_MS = 5_000;

    private static final String MIGRATIONS = "classpath:io/onebox/controller";

    private final Path file;
    private final SQLiteDataSource source;
    private final Connection connection;
    private final GroupCommit transactions;

    private Database(Path file, SQLiteDataSource source, Connection connection) {
        this.file = file;
        this.source = source;
        this.connection = connection;
        this.transactions = new GroupCommit(connection);
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
        SQLiteDataSource source = source(file, TransactionMode.IMMEDIATE);
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = source.getConnection();
            return new Database(file, source, connection);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + file, e);
        } catch (SQLException e) {
            throw new DatabaseException("cannot open the database " + file + ": " + e.getMessage(), e);
        }
    }

    private static SQLiteDataSource source(Path file, TransactionMode mode) {
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

    /// Flyway reads over one connection while it writes over another, so its transactions begin without a lock.
    private Flyway flyway() {
        return Flyway.configure()
                .dataSource(source(file, TransactionMode.DEFERRED))
                .locations(MIGRATIONS)
                .table("migration")
                .load();
    }

    /// Runs `work` and commits, or undoes all of it if it fails. Between transactions nothing is locked.
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        return transactions.run(work);
    }

    /// Whether it can be read and is not full.
    public boolean isAnswering() {
        return transaction(open -> Sql.update(open, "UPDATE fleet SET epoch = epoch WHERE id = 1") == 1);
    }

    /// Copies the whole database into a new file, while it is in use.
    public void copyTo(Path file) {
        transactions.exclusively(() -> copy(file));
    }

    private void copy(Path file) {
        try (Connection own = source.getConnection();
                var statement = own.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, file.toString());
            statement.execute();
        } catch (SQLException e) {
            throw new DatabaseException("cannot copy the database to " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        transactions.exclusively(() -> {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new DatabaseException("the database did not close: " + e.getMessage(), e);
            }
        });
    }
}
