package io.onebox.agent.cli;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// The agent as a process of its own, with a pid file and a log beside its socket.
final class BackgroundService implements Service {

    private static final Duration POLL = Duration.ofMillis(50);

    /// Lines of the log shown when the agent did not come up.
    private static final int LOG_LINES = 10;

    /// The start time a kernel reports is rounded to its clock tick.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(1);

    private final Invocation invocation;
    private final Path socket;
    private final Path pidFile;
    private final Path logFile;

    BackgroundService(Invocation invocation) {
        this.invocation = invocation;
        this.socket = invocation.socket();
        String name = String.valueOf(socket.getFileName());
        String base = name.endsWith(".sock") ? name.substring(0, name.length() - ".sock".length()) : name;
        this.pidFile = socket.resolveSibling(base + ".pid");
        this.logFile = socket.resolveSibling(base + ".log");
    }

    @Override
    public void start() {
        if (invocation.client().isAnswering()) {
            invocation.say("already running at " + socket);
            return;
        }
        try {
            Files.createDirectories(socket.toAbsolutePath().getParent());
            Process process = new ProcessBuilder(command())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(logFile.toFile())
                    .redirectError(logFile.toFile())
                    .start();
            awaitUp(process);
            Instant started = process.info().startInstant().orElse(Instant.now());
            Files.writeString(pidFile, process.pid() + " " + started.toEpochMilli() + "\n");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILURE, "cannot start the agent: " + e.getMessage(), "");
        }
        invocation.say(invocation.role().program() + " is up; its log is " + logFile);
    }

    @Override
    public void stop() {
        Optional<ProcessHandle> process = process();
        if (process.isEmpty()) {
            if (invocation.client().isAnswering()) {
                throw new CommandFailure(
                        ExitCode.REFUSED,
                        "the agent at " + socket + " was not started by '"
                                + invocation.role().program() + " start'",
                        "stop it where it was started");
            }
            invocation.say("not running");
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(invocation.options().timeout.toMillis(), TimeUnit.MILLISECONDS);
            Files.deleteIfExists(pidFile);
        } catch (TimeoutException _) {
            throw new CommandFailure(
                    ExitCode.TIMED_OUT,
                    "process " + process.get().pid() + " is still stopping",
                    "wait longer with --timeout, or look at " + logFile);
        } catch (ExecutionException | IOException e) {
            throw new CommandFailure(ExitCode.FAILURE, "cannot stop the agent: " + e.getMessage(), "");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        }
        invocation.say("stopped");
    }

    private List<String> command() {
        String home = System.getProperty("onebox.home");
        if (home == null) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE, "this is not an installed onebox", "use the start script bin/onebox-client");
        }
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid"); // So that a closed terminal is none of its business.
        }
        command.add(home + "/bin/" + invocation.role().program());
        command.addAll(
                List.of("run", "--config", invocation.config().toAbsolutePath().toString()));
        if (invocation.options().socket != null) {
            command.addAll(List.of("--socket", socket.toAbsolutePath().toString()));
        }
        return command;
    }

    private void awaitUp(Process process) throws IOException {
        long deadlineNs = System.nanoTime() + invocation.options().timeout.toNanos();
        while (!invocation.client().isAnswering()) {
            if (!process.isAlive()) {
                tail().forEach(invocation.terminal().err()::println);
                throw new CommandFailure(process.exitValue(), "the agent ended at once", "its log above says why");
            }
            if (System.nanoTime() - deadlineNs > 0) {
                process.destroy();
                tail().forEach(invocation.terminal().err()::println);
                throw new CommandFailure(
                        ExitCode.TIMED_OUT, "the agent did not come up in time", "wait longer with --timeout");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private List<String> tail() throws IOException {
        List<String> lines = Files.readAllLines(logFile);
        return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    }

    /// The process of the pid file, if it still is that one: numbers are used again.
    private Optional<ProcessHandle> process() {
        try {
            String[] words = Files.readString(pidFile).strip().split(" ", 2);
            Instant started = Instant.ofEpochMilli(Long.parseLong(words[1]));
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> process.info()
                            .startInstant()
                            .filter(start ->
                                    Duration.between(start, started).abs().compareTo(START_TOLERANCE) < 0)
                            .isPresent());
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty(); // No pid file, or not one of ours.
        }
    }
}
