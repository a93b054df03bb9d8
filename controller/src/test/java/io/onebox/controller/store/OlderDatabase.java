package io.onebox.controller.store;

import io.onebox.shared.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;

/// The database of an older version of the program.
public final class OlderDatabase {

    private OlderDatabase() {}

    /// Makes the tables of a version, and fills them as the fifth version would have.
    public static void create(DatabaseConfig config, String version) {
        Engine engine = switch (config) {
            case DatabaseConfig.SqliteFile(Path file) -> new SqliteEngine(file);
            case DatabaseConfig.PostgresqlServer server -> new PostgresqlEngine(server);
        };
        engine.connect(Flyway.configure())
                .locations("classpath:io/onebox/controller")
                .table("migration")
                .target(version)
                .load()
                .migrate();
        try (Database database = Database.open(config);
                var file = OlderDatabase.class.getResourceAsStream("/io/onebox/controller/version-5.sql")) {
            String sql = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            database.transaction(connection -> {
                for (String statement : sql.split(";\n", 0)) {
                    Sql.update(connection, statement);
                }
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
