package io.onebox.testbed.fleet;

import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.testbed.AgentProcess;
import io.onebox.testbed.Shell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One node of a cluster: a real `onebox-controller` in a process of its own, with an address of its own.
final class NodeProcess implements AutoCloseable {

    private static final String OWNER = "owner";
    private static final String PASSWORD = "a password for the drill";
    private static final int PORT = 8443;

    private final String address;
    private final Path directory;
    private @Nullable Process process;
    private String cookie = "";

    /// @param addresses of all nodes
    /// @param database URL and password file of a PostgreSQL
    NodeProcess(Path directory, String address, List<String> addresses, Database database) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.address = address;
        Files.writeString(config(), """
                [http]
                listen = "%s:8443"
                public-urls = [%s]
                [database]
                url = "%s"
                password-file = "%s"
                [cluster]
                enabled = true
                listen = "%s:5701"
                members = [%s]
                [state]
                directory = "%s"
                [metrics]
                listen = "%s:9588"
                """.formatted(
                        address,
                        list(addresses, "\"https://%s:8443\""),
                        database.url(),
                        database.passwordFile(),
                        address,
                        list(addresses, "\"%s:5701\""),
                        directory.resolve("state").toAbsolutePath(),
                        address));
        Files.writeString(password(), PASSWORD);
    }

    /// Where the nodes keep what they know.
    record Database(String url, Path passwordFile) {}

    private static String list(List<String> addresses, String form) {
        return String.join(", ", addresses.stream().map(form::formatted).toList());
    }

    private Path config() {
        return directory.resolve("controller.toml");
    }

    private Path password() {
        return directory.resolve("password");
    }

    String address() {
        return address;
    }

    URI url() {
        return URI.create("https://" + address + ":" + PORT);
    }

    /// The first node: makes tables and keys, and an owner.
    void init() {
        command("init");
        command(
                "user",
                "add",
                OWNER,
                "--role",
                OWNER,
                "--password-file",
                password().toString());
    }

    /// A further node gets the keys of the first.
    void joinAfter(NodeProcess first) {
        Path keys = directory.resolve("keys");
        String passphrase = password().toString();
        first.command("backup", keys.toString(), "--passphrase-file", passphrase);
        command("restore", keys.toString(), "--passphrase-file", passphrase);
    }

    /// Starts it.
    NodeProcess start() throws IOException {
        process = new ProcessBuilder(line("run"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("controller.log").toFile()))
                .start();
        return this;
    }

    /// Waits until it answers.
    void awaitReady() {
        VirtualFleet.await(
                Duration.ofSeconds(60),
                "the controller at " + address,
                () -> Shell.attempt("", List.of("curl", "-sfk", "-m", "2", url() + "/health/ready"))
                                .exitCode()
                        == 0);
    }

    /// Logs in; the session is good on every node.
    String login() {
        String body = "{\"login\":\"%s\",\"password\":\"%s\"}".formatted(OWNER, PASSWORD);
        cookie = Shell.run(curl("-i", "POST", "/session", body))
                .lines()
                .filter(line -> line.startsWith("set-cookie: "))
                .map(line -> line.replaceFirst("set-cookie: ([^;]*).*", "$1"))
                .findFirst()
                .orElseThrow();
        return cookie;
    }

    /// Takes a session of another node.
    void use(String session) {
        cookie = session;
    }

    /// `STOP` and `CONT`, `KILL`.
    void signal(String name) {
        Process running = process;
        if (running != null) {
            Shell.run(List.of("kill", "-" + name, Long.toString(running.pid())));
        }
    }

    /// A token for so many agents.
    EnrolmentToken token(String role, int uses) {
        String text = command("enrol-token", "add", "--role", role, "--uses", Integer.toString(uses))
                .strip();
        return switch (EnrolmentToken.parse(text)) {
            case EnrolmentToken.Parsed.Valid(EnrolmentToken token) -> token;
            case EnrolmentToken.Parsed.Malformed(String problem) -> throw new IllegalStateException(problem);
        };
    }

    /// Asks the API as the owner.
    JsonObject ask(String method, String path, String body) {
        return new JsonObject(Json.object(Shell.run(curl("--fail-with-body", method, path, body)))
                .orElse(Map.of()));
    }

    /// Asks in the background, whether it is answered or not.
    Process begin(String method, String path, String body) throws IOException {
        return new ProcessBuilder(curl("--fail-with-body", method, path, body))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("begun.log").toFile())
                .start();
    }

    private List<String> curl(String option, String method, String path, String body) {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sSk", option, "-X", method, "-H", "cookie: " + cookie));
        if (!body.isEmpty()) {
            command.addAll(List.of("-H", "content-type: application/json", "-d", body));
        }
        command.add(url() + "/api/v1" + path);
        return command;
    }

    /// What it logged.
    String logText() throws IOException {
        return Files.readString(directory.resolve("controller.log"));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private String command(String... arguments) {
        return Shell.run(line(arguments));
    }

    private List<String> line(String... arguments) {
        List<String> line =
                new ArrayList<>(List.of(AgentProcess.program("controller").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--config", config().toString()));
        return line;
    }
}
