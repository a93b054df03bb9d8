package io.onebox.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs commands of the operating system.
public final class Shell {

    /// Ends what hangs, and nothing else: a playbook takes 80 s alone and three times that beside other tests.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Shell() {}

    /// What a command left behind.
    ///
    /// @param exitCode 0 for success
    /// @param output standard output
    /// @param errors standard error
    public record Result(int exitCode, String output, String errors) {}

    /// A command ended with something other than 0.
    public static final class CommandFailed extends RuntimeException {
        private final transient Result result;

        CommandFailed(List<String> command, Result result) {
            super("%s: exit code %d: %s%s"
                    .formatted(String.join(" ", command), result.exitCode(), result.errors(), result.output()));
            this.result = result;
        }

        /// What the command left behind.
        public Result result() {
            return result;
        }
    }

    /// Runs a command and returns its standard output; anything but exit code 0 is a [CommandFailed].
    public static String run(List<String> command) {
        return runWith("", command);
    }

    /// As [#run], with `input` on its standard input.
    public static String runWith(String input, List<String> command) {
        Result result = attempt(input, command);
        if (result.exitCode() != 0) {
            throw new CommandFailed(command, result);
        }
        return result.output();
    }

    /// Runs lines of shell, stopping at the first that fails.
    public static String script(String lines) {
        return runWith(lines, List.of("sh", "-e"));
    }

    /// Runs a command to its end, however it ends.
    public static Result attempt(String input, List<String> command) {
        return attempt(input, command, PATIENCE);
    }

    /// The same with a command that may take longer.
    public static Result attempt(String input, List<String> command, Duration patience) {
        try {
            Process process = new ProcessBuilder(command).start();
            CompletableFuture<String> errors = read(process.getErrorStream());
            CompletableFuture<String> output = read(process.getInputStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // The command ended without reading its input; its exit code says why.
            }
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s: not finished after %s".formatted(String.join(" ", command), patience));
            }
            return new Result(process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }

    /// Reads in a thread of its own: a command that fills one pipe while nobody reads it would never end, and
    /// the common pool has a single thread on two cores.
    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> text(stream), action -> Thread.ofPlatform().daemon().start(action));
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
