package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The agent as a unit of systemd. `Type=notify` makes `systemctl` wait until it is up.
final class SystemdService implements Service {

    private static final int LOG_LINES = 10;

    /// How `systemctl` ends when it is not allowed to (systemctl(1), exit status).
    private static final int NOT_PERMITTED = 4;

    private final Invocation invocation;
    private final String unit;

    SystemdService(Invocation invocation) {
        this.invocation = invocation;
        this.unit = unit(invocation.role());
    }

    /// Whether systemd is process 1 (sd_booted(3)) and knows our unit.
    static boolean isInCharge(Role role) {
        return Files.isDirectory(Path.of("/run/systemd/system"))
                && run(Redirect.DISCARD, List.of("systemctl", "cat", unit(role))) == 0;
    }

    @Override
    public void start() {
        up("start");
    }

    @Override
    public void stop() {
        control("stop");
        invocation.say(unit + " is stopped");
    }

    @Override
    public void restart() {
        up("restart");
    }

    private void up(String verb) {
        control(verb);
        // A unit whose conditions do not hold is not started, and systemd takes that for success.
        if (property("ConditionResult").equals("no")) {
            throw new CommandFailure(
                    ExitCode.CONFIGURATION,
                    invocation.config() + " does not exist, and this "
                            + invocation.role().spelling() + " has not enrolled",
                    "write the file or enrol; then start again");
        }
        invocation.say(unit + " is up");
    }

    private void control(String verb) {
        String before = property("InvocationID");
        int code = run(Redirect.INHERIT, List.of("systemctl", verb, unit));
        if (code == 0) {
            return;
        }
        String problem = "systemctl " + verb + " " + unit + " failed";
        // Where there is polkit, it refuses, and systemctl ends with another code: then nothing was tried.
        boolean isRefused = !"root".equals(System.getProperty("user.name")) && before.equals(property("InvocationID"));
        if (code == NOT_PERMITTED || isRefused) {
            throw new CommandFailure(ExitCode.PERMISSION, problem, "run it as root");
        }
        log(property("InvocationID")).forEach(invocation.terminal().err()::println);
        String status = property("ExecMainStatus");
        throw new CommandFailure(
                status.matches("[1-9]\\d{0,2}") ? Integer.parseInt(status) : ExitCode.FAILURE,
                problem,
                "the log above says why");
    }

    /// What the agent said in this attempt; without what systemd says about it.
    private static List<String> log(String invocationId) {
        return output(List.of(
                        "journalctl",
                        "--quiet",
                        "--no-pager",
                        "--output=cat",
                        "--lines=" + LOG_LINES,
                        "_SYSTEMD_INVOCATION_ID=" + invocationId))
                .lines()
                .toList();
    }

    private String property(String name) {
        return output(List.of("systemctl", "show", "--value", "--property=" + name, unit))
                .strip();
    }

    private static String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        }
    }

    private static String unit(Role role) {
        return role.program() + ".service";
    }

    private static int run(Redirect output, List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(output)
                    .redirectError(output)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", "");
        }
    }
}
