package io.onebox.testbed;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real agent, `onebox-client` or `onebox-server` of the distribution, on a host of the testbed.
///
/// The distribution is where the system property `onebox.home` says, or else `target/onebox` of this repository.
public final class AgentProcess implements AutoCloseable {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final long TICKS_PER_SECOND = 100; // USER_HZ, a constant of the kernel's interface

    private final TestbedHost host;
    private final AgentFiles files;
    private @Nullable Process process;

    /// An agent that is not running yet.
    public AgentProcess(TestbedHost host, AgentFiles files) {
        this.host = host;
        this.files = files;
    }

    /// The program of a role.
    public static Path program(String role) {
        return Checkout.distribution().resolve("bin").resolve("onebox-" + role);
    }

    /// Its files.
    public AgentFiles files() {
        return files;
    }

    /// Its host.
    public TestbedHost host() {
        return host;
    }

    /// Enrols the agent at a controller. Its configuration then says where its socket is, and nothing else.
    ///
    /// @param token file with the token
    public AgentProcess enrol(Path token, String name) {
        files.writeConfig("");
        Shell.Result result = command(
                "enrol", "--config", files.config().toString(), "--token-file", token.toString(), "--name", name);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("enrol: exit code " + result.exitCode() + ": " + result.errors());
        }
        return this;
    }

    /// Starts the agent and returns at once.
    public AgentProcess start() {
        Path program = program(files.role());
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(program + " is missing: run bin/build, or set -Donebox.home=DIR");
        }
        // Under nohup, as in many a CI, SIGHUP is ignored and the agent would inherit that.
        process = host.start(
                files.log(),
                "env",
                "--default-signal=HUP",
                program.toString(),
                "run",
                "--config",
                files.config().toString());
        return this;
    }

    /// Waits until the agent says it is up and as many links as wanted carry data.
    public AgentProcess awaitLinks(int usable, Duration patience) {
        await(patience, status -> status.getString("state", "").equals("up") && usableLinks(status) >= usable);
        return this;
    }

    /// Waits until the agent answers.
    public AgentProcess awaitRunning(Duration patience) {
        await(patience, _ -> true);
        return this;
    }

    /// Links that carry data.
    public static int usableLinks(JsonObject status) {
        int usable = 0;
        for (int i = 0; i < status.getJsonArray("links").size(); i++) {
            JsonObject link = status.getJsonArray("links").getJsonObject(i);
            usable += link.getString("state", "").equals("usable") ? 1 : 0;
        }
        return usable;
    }

    /// Asks for the status until it is as wanted. Each question takes a while, so there is no pause in between.
    public JsonObject await(Duration patience, Predicate<JsonObject> wanted) {
        long endNs = System.nanoTime() + patience.toNanos();
        while (true) {
            Shell.Result result = command("status", "--json");
            if (result.exitCode() == 0 && wanted.test(new JsonObject(result.output()))) {
                return new JsonObject(result.output());
            }
            if (!isRunning()) {
                throw new IllegalStateException(files.role() + " ended: " + files.logText());
            }
            if (System.nanoTime() - endNs > 0) {
                throw new IllegalStateException("%s not as wanted after %s; status %s%s; log:%n%s"
                        .formatted(files.role(), patience, result.output(), result.errors(), files.logText()));
            }
        }
    }

    /// `status --json` of the agent.
    public JsonObject status() {
        Shell.Result result = command("status", "--json");
        if (result.exitCode() != 0) {
            throw new IllegalStateException("status: exit code " + result.exitCode() + ": " + result.errors());
        }
        return new JsonObject(result.output());
    }

    /// Runs a command of the CLI against this agent, however it ends.
    public Shell.Result command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program(files.role()).toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--socket", files.socket().toString()));
        return Shell.attempt("", host.inside(command.toArray(String[]::new)));
    }

    /// Whether the process lives.
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /// Waits for the process to end by itself and returns its exit code.
    public int awaitExit(Duration patience) {
        try {
            if (!running().waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("still running after " + patience + ": " + files.logText());
            }
            return running().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Asks the agent to read its configuration again.
    public void reload() {
        Shell.run(List.of("kill", "-HUP", Long.toString(running().pid())));
    }

    /// Ends the agent in order.
    public void stop() {
        running().destroy();
        awaitExit(STOP_PATIENCE);
    }

    /// Ends the agent at once, without a chance to clean up.
    public void kill() {
        running().destroyForcibly();
        awaitExit(STOP_PATIENCE);
    }

    /// Processor time used so far.
    public double cpuSeconds() {
        // proc(5): utime and stime are fields 14 and 15; the second may contain blanks, in brackets.
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    /// How often its threads went to sleep so far, which is how often they were woken: what an idle agent costs on
    /// whatever machine.
    public long wakeUps() {
        try (Stream<Path> threads =
                Files.list(Path.of("/proc", Long.toString(running().pid()), "task"))) {
            return threads.mapToLong(thread -> number(read(thread.resolve("status")), "voluntary_ctxt_switches:"))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Resident memory in MiB.
    public double residentMebibytes() {
        return number(read("status"), "VmRSS:") / 1024.0;
    }

    private static long number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private String read(String name) {
        return read(Path.of("/proc", Long.toString(running().pid()), name));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(files.role() + " was never started");
        }
        return process;
    }

    /// Ends the agent, if it runs.
    @Override
    public void close() {
        if (process != null) {
            TestbedHost.stop(process);
        }
    }
}
