package io.onebox.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real PostgreSQL server of Debian's, for one test run: its own directory, port and password, nothing kept. It does
/// not wait for the disk.
public final class PrivatePostgresql implements AutoCloseable {

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final long PATIENCE_SECONDS = 60;

    /// Who owns the databases, and the server's files if root starts it, for it refuses to run as root.
    public static final String USER = "postgres";

    private static final String PASSWORD = "a password of a test";

    private final Path binaries = binaries();
    private final Path directory;
    private final List<String> prefix;
    private final int port;
    private int databases;

    private PrivatePostgresql(List<String> prefix, int port) throws IOException {
        this.directory = Files.createTempDirectory("onebox-postgresql-");
        this.prefix = prefix;
        this.port = port;
    }

    /// Starts one on loopback.
    public static PrivatePostgresql start() {
        return start(List.of(), FreePort.next(), "127.0.0.1");
    }

    /// Starts one.
    ///
    /// @param prefix of its command, such as one that enters a network namespace
    /// @param listen the addresses it listens on
    public static PrivatePostgresql start(List<String> prefix, int port, String listen) {
        try {
            var server = new PrivatePostgresql(prefix, port);
            server.create(listen);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path binaries() {
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.exists(bin.resolve("initdb")))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL is not installed; run bin/deps as root", e);
        }
    }

    private void create(String listen) throws IOException {
        Files.writeString(passwordFile(), PASSWORD + "\n");
        if (isRoot()) {
            execute(List.of("chown", "-R", USER, directory.toString()));
        }
        server(
                "initdb",
                "-N",
                "-A",
                "scram-sha-256",
                "-U",
                USER,
                "--pwfile",
                passwordFile().toString(),
                "-E",
                "UTF8");
        Files.writeString(data().resolve("postgresql.auto.conf"), """
                listen_addresses = '%s'
                port = %d
                unix_socket_directories = '%s'
                fsync = off
                max_connections = 50
                shared_buffers = 32MB
                """.formatted(listen, port, directory));
        Files.writeString(data().resolve("pg_hba.conf"), "local all all trust\nhost all all all scram-sha-256\n");
        server("pg_ctl", "-w", "-l", directory.resolve("log").toString(), "start");
    }

    private Path data() {
        return directory.resolve("data");
    }

    public int port() {
        return port;
    }

    /// Its first line is the password.
    public Path passwordFile() {
        return directory.resolve("password");
    }

    /// Makes an empty database.
    ///
    /// @return its name
    public String createDatabase() {
        databases++;
        String name = "onebox" + databases;
        query("postgres", "CREATE DATABASE " + name);
        return name;
    }

    /// Runs SQL as the owner of everything.
    ///
    /// @return one line a row, columns separated by `|`
    public String query(String database, String sql) {
        return execute(List.of(
                binaries.resolve("psql").toString(),
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                directory.toString(),
                "-p",
                Integer.toString(port),
                "-U",
                USER,
                "-d",
                database,
                "-c",
                sql));
    }

    /// Ends it and every connection to it, and starts it again.
    public void restart() {
        server("pg_ctl", "-w", "-m", "immediate", "-l", directory.resolve("log").toString(), "restart");
    }

    @Override
    public void close() {
        server("pg_ctl", "-w", "-m", "immediate", "stop");
        execute(List.of("rm", "-rf", directory.toString()));
    }

    private void server(String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of("-D", data().toString()));
        command.addAll(List.of(arguments));
        execute(command);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String execute(List<String> command) {
        try {
            Path output = Files.createTempFile("onebox-postgresql-", ".out");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean hasEnded = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!hasEnded || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
