package io.onebox.controller.store;

import io.onebox.shared.config.DatabaseConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/// The database: SQLite in one file, or PostgreSQL. Transactions come one after the other, also those of other nodes,
/// so there is one connection. Blocks: never on an event loop.
public final class Database implements AutoCloseable {

    private static final String MIGRATIONS = "classpath:io/onebox/controller";

    private final Engine engine;
    private final GroupCommit transactions;
    private volatile LongConsumer watcher = _ -> {};

    private Database(Engine engine) {
        this.engine = engine;
        this.transactions = new GroupCommit(engine);
    }

    /// The database cannot do what was asked.
    public static sealed class DatabaseException extends RuntimeException permits FullException {
        DatabaseException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The disk is full. Nothing was written, and reading goes on.
    public static final class FullException extends DatabaseException {
        FullException(Throwable cause) {
            super(
                    "the disk of the database is full, and nothing was done; free space on it, and it works again",
                    cause);
        }
    }

    /// What a transaction does. Done again if the connection is lost meanwhile, with nothing of it kept.
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    /// Opens it, or creates the file for its owner alone. Its tables may be of an older version: see [#migrate].
    public static Database open(DatabaseConfig config) {
        var database = new Database(engine(config));
        try {
            database.transactions.open();
            return database;
        } catch (SQLException e) {
            throw new DatabaseException("cannot open the database " + database.engine + ": " + e.getMessage(), e);
        }
    }

    /// Whether there is a file to open; a server is expected to be there.
    public static boolean exists(DatabaseConfig config) {
        return engine(config).exists();
    }

    private static Engine engine(DatabaseConfig config) {
        return switch (config) {
            case DatabaseConfig.SqliteFile(Path file) -> new SqliteEngine(file);
            case DatabaseConfig.PostgresqlServer server -> new PostgresqlEngine(server);
        };
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

    /// Whether a controller has made its keys in it.
    public boolean isInUse() {
        return transaction(connection -> Sql.one(connection, row -> true, "SELECT name FROM secret LIMIT 1")
                .isPresent());
    }

    private Flyway flyway() {
        return engine.connect(Flyway.configure())
                .locations(MIGRATIONS)
                .table("migration")
                .load();
    }

    /// Runs `work` and commits, or undoes all of it if it fails. Between transactions nothing is locked.
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        long beganNs = System.nanoTime();
        try {
            return transactions.run(work);
        } finally {
            watcher.accept(System.nanoTime() - beganNs);
        }
    }

    /// Is told of each transaction how many nanoseconds it took, with waiting for those before it.
    public void onTransaction(LongConsumer next) {
        watcher = next;
    }

    /// Whether it can be read and is not full.
    public boolean isAnswering() {
        return transaction(open -> {
            engine.touch(open);
            return true;
        });
    }

    /// Copies the whole of a SQLite database into a new file, while it is in use.
    public void copyTo(Path file) {
        transactions.exclusively(() -> copy(file));
    }

    private void copy(Path file) {
        try (Connection own = engine.connect();
                var statement = own.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, file.toString());
            statement.execute();
        } catch (SQLException e) {
            throw new DatabaseException("cannot copy the database to " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        transactions.end();
    }
}
