package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The agent as a unit of systemd. `Type=notify` makes `systemctl` wait until it is up.
final class SystemdService implements Service {

    private static final int LOG_LINES = 5;

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
        control("start");
        invocation.say(unit + " is up");
    }

    @Override
    public void stop() {
        control("stop");
        invocation.say(unit + " is stopped");
    }

    @Override
    public void restart() {
        control("restart");
        invocation.say(unit + " is up");
    }

    private void control(String verb) {
        if (run(Redirect.INHERIT, List.of("systemctl", verb, unit)) != 0) {
            run(Redirect.INHERIT, List.of("journalctl", "--no-pager", "-u", unit, "-n", String.valueOf(LOG_LINES)));
            throw new CommandFailure(
                    ExitCode.FAILURE, "systemctl " + verb + " " + unit + " failed", "the log above says why");
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
