package io.onebox.testbed;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real `onebox-controller` of the distribution on a host of the testbed, with one owner.
public final class ControllerProcess implements AutoCloseable {

    /// Where it listens, on its host.
    public static final int PORT = 8443;

    /// The login of the first user.
    public static final String OWNER = "owner";

    /// Of every user.
    public static final String PASSWORD = "a password for the testbed";

    private final TestbedHost host;
    private final String address;
    private final Path directory;
    private @Nullable Process process;
    private String cookie = "";

    /// A controller that is not set up yet.
    ///
    /// @param address under which agents reach the host
    public ControllerProcess(TestbedHost host, String address, Path directory) {
        this.host = host;
        this.address = address;
        this.directory = directory;
    }

    private Path config() {
        return directory.resolve("controller.toml");
    }

    /// Sets it up, and nobody writes a file for it: configuration, database, keys, an owner.
    public ControllerProcess init() {
        initWithoutUsers();
        return addUser(OWNER);
    }

    /// Sets it up but for users.
    ///
    /// @return the path and fragment of the address where the first user is made
    public String initWithoutUsers() {
        write(Path.of(passwordFile()), PASSWORD + "\n");
        String url = "https://%s:%d".formatted(address, PORT);
        String state = directory.resolve("state").toString();
        String said =
                command("init", "--public-url", url, "--state-directory", state).strip();
        return said.substring(said.lastIndexOf("/set-up#"));
    }

    /// Adds a user with the name of its role.
    public ControllerProcess addUser(String role) {
        command("user", "add", role, "--role", role, "--password-file", passwordFile());
        return this;
    }

    /// Starts it, waits until it answers, and logs the owner in.
    public ControllerProcess start() {
        serve();
        return logIn();
    }

    /// Logs the owner in.
    public ControllerProcess logIn() {
        String body = "{\"login\":\"%s\",\"password\":\"%s\"}".formatted(OWNER, PASSWORD);
        String headers = host.run(
                "curl -sfki -X POST -H 'content-type: application/json' -d '%s' %s/session".formatted(body, api()));
        cookie = headers.lines()
                .filter(line -> line.startsWith("set-cookie: "))
                .map(line -> line.replaceFirst("set-cookie: ([^;]*).*", "$1"))
                .findFirst()
                .orElseThrow();
        return this;
    }

    /// Starts it and waits until it answers.
    public void serve() {
        process = host.start(directory.resolve("controller.log"), line("run").toArray(String[]::new));
        long endNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (host.attempt("curl -sfk https://127.0.0.1:%d/health/live".formatted(PORT))
                        .exitCode()
                != 0) {
            if (!process.isAlive() || System.nanoTime() - endNs > 0) {
                throw new IllegalStateException("the controller does not start: " + logText());
            }
        }
    }

    /// Ends it at once.
    public void kill() {
        if (process != null) {
            TestbedHost.stop(process.destroyForcibly());
        }
    }

    /// Backs it up while it runs.
    public void backup() {
        command("backup", directory.resolve("backup").toString(), "--passphrase-file", passwordFile());
    }

    /// Loses its whole state.
    public void lose() {
        Shell.run(List.of("rm", "-r", directory.resolve("state").toString()));
    }

    /// Puts back what [#backup] wrote.
    public ControllerProcess restore() {
        command("restore", directory.resolve("backup").toString(), "--passphrase-file", passwordFile());
        return this;
    }

    private String passwordFile() {
        return directory.resolve("password").toString();
    }

    /// A token for an agent, in a file.
    public Path token(String role) {
        String text = command("enrol-token", "add", "--role", role);
        Path file = directory.resolve(role + ".token");
        write(file, text);
        return file;
    }

    /// Asks the API as the owner.
    public JsonObject ask(String method, String path, String body) {
        String data = body.isEmpty() ? "" : "-H 'content-type: application/json' -d '" + body + "'";
        String answer = host.run("curl -sSk --fail-with-body -X %s -H 'cookie: %s' %s %s%s"
                .formatted(method, cookie, data, api(), path));
        return answer.isEmpty() ? new JsonObject() : new JsonObject(answer);
    }

    /// The agent of a name, as the API lists it.
    public JsonObject agent(String name) {
        var items = ask("GET", "/agents", "").getJsonArray("items");
        for (int i = 0; i < items.size(); i++) {
            if (items.getJsonObject(i).getString("name").equals(name)) {
                return ask("GET", "/agents/" + items.getJsonObject(i).getString("id"), "");
            }
        }
        throw new IllegalStateException("no agent " + name + " in " + items);
    }

    /// The owner's session, as `curl` sends it.
    public String cookie() {
        return cookie;
    }

    /// The API, seen from its own host.
    public static String api() {
        return "https://127.0.0.1:%d/api/v1".formatted(PORT);
    }

    /// What it logged.
    public String logText() {
        try {
            return Files.readString(directory.resolve("controller.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private String command(String... arguments) {
        return Shell.run(host.inside(line(arguments).toArray(String[]::new)));
    }

    private List<String> line(String... arguments) {
        List<String> line =
                new ArrayList<>(List.of(AgentProcess.program("controller").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--config", config().toString()));
        return line;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
