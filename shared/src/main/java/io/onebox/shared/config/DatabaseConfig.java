package io.onebox.shared.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a controller keeps what it knows.
public sealed interface DatabaseConfig {

    /// One file, of this node alone.
    record SqliteFile(Path file) implements DatabaseConfig {
        @Override
        public String toString() {
            return SQLITE + file;
        }
    }

    /// A database of a server, which several nodes can share.
    ///
    /// @param passwordFile its first line is the password; empty if the server wants none
    record PostgresqlServer(String user, HostPort server, String name, Optional<Path> passwordFile)
            implements DatabaseConfig {
        @Override
        public String toString() {
            return "postgresql://" + user + "@" + server + "/" + name;
        }
    }

    /// Begins the URL of a file.
    String SQLITE = "sqlite:";

    private static Optional<DatabaseConfig> parse(String url) {
        if (url.startsWith(SQLITE)) {
            return Optional.of(url.substring(SQLITE.length()))
                    .filter(path -> path.startsWith("/"))
                    .map(path -> new SqliteFile(Path.of(path)));
        }
        Matcher matcher = Pattern.compile("postgresql://([\\w.-]{1,63})@([^/@]+)/([\\w.-]{1,63})")
                .matcher(url);
        return Optional.of(matcher)
                .filter(Matcher::matches)
                .flatMap(found -> HostPort.parse(found.group(2))
                        .map(server -> new PostgresqlServer(found.group(1), server, found.group(3), Optional.empty())));
    }

    /// Reads the table.
    ///
    /// @param otherwise the file if nothing is said
    static DatabaseConfig read(ConfigSection section, Path otherwise) {
        // A password has its own file, because this one is read by many.
        var rule = new Rule<>(
                "\"sqlite:\" and an absolute path, or \"postgresql://user@host:5432/name\" without a password",
                DatabaseConfig::parse);
        DatabaseConfig database = section.text("url", rule, new SqliteFile(otherwise));
        String password = section.text("password-file", Rules.ANY, "");
        section.close();
        if (password.isEmpty()) {
            return database;
        }
        return switch (database) {
            case SqliteFile file -> {
                section.problem("password-file", "is used only with a url of PostgreSQL");
                yield file;
            }
            case PostgresqlServer(String user, HostPort server, String name, Optional<Path> _) ->
                new PostgresqlServer(user, server, name, Optional.of(section.relative(password)));
        };
    }
}
