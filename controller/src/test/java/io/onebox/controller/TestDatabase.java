package io.onebox.controller;

import io.onebox.shared.config.DatabaseConfig;
import io.onebox.shared.config.HostPort;
import io.onebox.testing.PrivatePostgresql;
import java.nio.file.Path;
import java.util.Optional;

/// The database that tests use: SQLite, or PostgreSQL with `-Donebox.database=postgresql`, for both must do.
public final class TestDatabase {

    private TestDatabase() {}

    /// Started with the first test that needs it, ended with the JVM.
    private static final class Server {
        static final PrivatePostgresql INSTANCE = start();

        private static PrivatePostgresql start() {
            PrivatePostgresql server = PrivatePostgresql.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        }
    }

    /// Whether it is PostgreSQL.
    public static boolean isPostgresql() {
        return "postgresql".equals(System.getProperty("onebox.database"));
    }

    /// An empty one.
    ///
    /// @param directory for the file, if it is one
    public static DatabaseConfig create(Path directory) {
        return isPostgresql() ? postgresql() : new DatabaseConfig.SqliteFile(directory.resolve("onebox.db"));
    }

    /// An empty one of PostgreSQL, whatever the others use.
    public static DatabaseConfig.PostgresqlServer postgresql() {
        return new DatabaseConfig.PostgresqlServer(
                PrivatePostgresql.USER,
                new HostPort("127.0.0.1", Server.INSTANCE.port()),
                Server.INSTANCE.createDatabase(),
                Optional.of(Server.INSTANCE.passwordFile()));
    }

    /// The tables of controller.toml that name it.
    public static String toml(DatabaseConfig database) {
        return switch (database) {
            case DatabaseConfig.SqliteFile file -> "[database]\nurl = \"" + file + "\"\n";
            case DatabaseConfig.PostgresqlServer server ->
                "[database]\nurl = \"%s\"\npassword-file = \"%s\"\n"
                        .formatted(server, server.passwordFile().orElseThrow());
        };
    }

    /// Runs SQL beside the program.
    static String query(DatabaseConfig.PostgresqlServer database, String sql) {
        return Server.INSTANCE.query(database.name(), sql);
    }

    /// Ends the server and all connections to it, and starts it again.
    static void restart() {
        Server.INSTANCE.restart();
    }
}
