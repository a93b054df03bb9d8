package io.onebox.agent.cli;

import io.onebox.agent.status.ExitCode;
import io.onebox.agent.status.Role;
import io.onebox.shared.config.ConfigError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// `doctor`: checks with cause and remedy.
@Command(name = "doctor", description = "Check this machine, with cause and remedy; exit 1 if something is wrong.")
final class DoctorCommand implements Callable<Integer> {

    private final Invocation invocation;

    DoctorCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        findings.add(config());
        findings.add(tun());
        findings.add(agent());
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.doctor/1");
            json.put("checks", findings.stream().map(Finding::json).toList());
            invocation.print(json);
        } else {
            findings.forEach(this::print);
        }
        return findings.stream().allMatch(Finding::isGood) ? ExitCode.OK : ExitCode.FAILURE;
    }

    private void print(Finding finding) {
        Palette palette = invocation.palette();
        String mark = finding.isGood() ? palette.good("ok  ") : palette.bad("bad ");
        invocation.print(mark + " " + finding.name() + ": " + finding.message());
        if (!finding.isGood()) {
            invocation.print("     " + finding.remedy());
        }
    }

    private Finding config() {
        Role role = invocation.role();
        Path file = invocation.config();
        List<ConfigError> errors = ConfigCheckCommand.errors(role, file);
        return errors.isEmpty()
                ? new Finding("configuration", true, file + " is right", "")
                : new Finding(
                        "configuration",
                        false,
                        errors.size() + " errors, the first: " + errors.getFirst(),
                        "list them with: " + role.program() + " config check " + file);
    }

    private static Finding tun() {
        Path device = Path.of("/dev/net/tun");
        return Files.exists(device)
                ? new Finding("tun", true, device + " is there", "")
                : new Finding("tun", false, device + " is missing", "load the module: modprobe tun");
    }

    private Finding agent() {
        Path socket = invocation.socket();
        return invocation.client().isAnswering()
                ? new Finding("agent", true, "answers at " + socket, "")
                : new Finding(
                        "agent",
                        false,
                        "does not answer at " + socket,
                        "start it with: " + invocation.role().program() + " start");
    }

    private record Finding(String name, boolean isGood, String message, String remedy) {
        Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("ok", isGood);
            json.put("message", message);
            json.put("remedy", isGood ? null : remedy);
            return json;
        }
    }
}
