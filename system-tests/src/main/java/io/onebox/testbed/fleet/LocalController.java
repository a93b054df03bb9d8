package io.onebox.testbed.fleet;

import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.testbed.AgentProcess;
import io.onebox.testbed.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A real `onebox-controller` of the distribution on loopback, in a process of its own so that it can be measured.
final class LocalController implements AutoCloseable {

    static final String OWNER = "owner";
    static final String PASSWORD = "a password for the bench";
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, see proc(5)

    // Fields of /proc/PID/stat after the name, from 0.
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final Path directory;
    private final int port;
    private final int metricsPort;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private String cookie = "";

    /// Sets a controller up and starts it.
    LocalController(Path directory) throws IOException {
        this.directory = directory;
        try (var one = new ServerSocket(0);
                var other = new ServerSocket(0)) {
            port = one.getLocalPort();
            metricsPort = other.getLocalPort();
        }
        Files.createDirectories(directory);
        Files.writeString(
                config(), """
                [http]
                listen = "127.0.0.1:%d"
                public-urls = ["%s"]
                [state]
                directory = "%s"
                [metrics]
                listen = "127.0.0.1:%d"
                [log]
                level = "warn"
                """.formatted(port, url(), directory.resolve("state").toAbsolutePath(), metricsPort));
        command("init");
        Path password = Files.writeString(directory.resolve("password"), PASSWORD);
        command("user", "add", OWNER, "--role", OWNER, "--password-file", password.toString());
        process = launch();
    }

    /// Of the owner's session.
    String cookie() {
        return cookie;
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    private Path config() {
        return directory.resolve("controller.toml");
    }

    private Path log() {
        return directory.resolve("controller.log");
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(line("run"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /// Waits until it answers, and logs in.
    void awaitReady() {
        VirtualFleet.await(Duration.ofSeconds(60), "the controller", () -> isLive() || !process.isAlive());
        if (!process.isAlive()) {
            throw new IllegalStateException("the controller ended: " + Shell.script("tail -n 3 " + log()));
        }
        String body = "{\"login\":\"%s\",\"password\":\"%s\"}".formatted(OWNER, PASSWORD);
        cookie = Shell.run(curl("-i", "POST", "/session", body))
                .lines()
                .filter(line -> line.startsWith("set-cookie: "))
                .map(line -> line.replaceFirst("set-cookie: ([^;]*).*", "$1"))
                .findFirst()
                .orElseThrow();
    }

    private boolean isLive() {
        return Shell.attempt("", List.of("curl", "-sfk", url() + "/health/live"))
                        .exitCode()
                == 0;
    }

    /// Ends it at once and starts it again.
    void restart() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        process = launch();
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
        String answer = Shell.run(curl("--fail-with-body", method, path, body));
        return new JsonObject(Json.object(answer).orElse(Map.of()));
    }

    /// How many acknowledgements of applied configurations it has noted in its database.
    long acknowledgements() {
        URI metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(metricsPort));
        return http.sendAsync(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .join()
                .body()
                .lines()
                .filter(line -> line.startsWith("onebox_controller_config_acks_total{state=\"applied\"}"))
                .mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                .sum();
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

    /// Memory that is resident, in MiB.
    double residentMib() {
        return Double.parseDouble(Shell.script("awk '/^VmRSS/ {print $2}' /proc/%d/status".formatted(process.pid()))
                        .strip())
                / 1024;
    }

    /// Processor time used so far, in seconds.
    double cpuSeconds() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The database's file, in MiB.
    double databaseMib() throws IOException {
        return Files.size(directory.resolve("state/onebox.db")) / (1024.0 * 1024);
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        if (process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
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
