package io.onebox.agent.cli;

import io.onebox.agent.doctor.Check;
import io.onebox.agent.doctor.Check.State;
import io.onebox.agent.doctor.NetworkDoctor;
import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.route.Nft;
import io.onebox.agent.route.Sysctls;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        List<Check> checks = new ArrayList<>(List.of(config(), agent()));
        Libc libc = Libc.load();
        var doctor = new NetworkDoctor(libc, Sysctls.ofThisMachine(), new Nft());
        checks.addAll(doctor.examine());
        if (invocation.role() == Role.CLIENT
                && ClientConfig.load(invocation.config()) instanceof Loaded.Valid<ClientConfig>(var client)) {
            checks.add(doctor.links(new LinkSelection(
                    client.include(),
                    client.exclude(),
                    client.links().stream().map(LinkConfig::interfaceName).toList(),
                    client.tunnel().interfaceName())));
        }
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.doctor/1");
            json.put("checks", checks.stream().map(DoctorCommand::json).toList());
            invocation.print(json);
        } else {
            checks.forEach(this::print);
        }
        return checks.stream().noneMatch(check -> check.state() == State.FAIL) ? ExitCode.OK : ExitCode.FAILURE;
    }

    private void print(Check check) {
        Palette palette = invocation.palette();
        String mark = switch (check.state()) {
            case OK -> palette.good("ok  ");
            case WARN -> palette.warning("warn");
            case FAIL -> palette.bad("FAIL");
        };
        invocation.print(mark + " " + check.name() + ": " + check.cause());
        if (!check.remedy().isEmpty()) {
            invocation.print("     " + check.remedy());
        }
    }

    private Check config() {
        Role role = invocation.role();
        Path file = invocation.config();
        List<ConfigError> errors = ConfigCheckCommand.errors(invocation, file);
        return errors.isEmpty()
                ? new Check("configuration", State.OK, file + " is right", "")
                : new Check(
                        "configuration",
                        State.FAIL,
                        errors.getFirst() + (errors.size() == 1 ? "" : ", and " + (errors.size() - 1) + " more"),
                        "list them with: " + role.program() + " config check " + file);
    }

    private Check agent() {
        Path socket = invocation.socket();
        return invocation.client().isAnswering()
                ? new Check("agent", State.OK, "answers at " + socket, "")
                : new Check(
                        "agent",
                        State.WARN,
                        "does not answer at " + socket,
                        "start it with: " + invocation.role().program() + " start");
    }

    private static Map<String, @Nullable Object> json(Check check) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", check.name());
        json.put("state", check.state().name().toLowerCase(Locale.ROOT));
        json.put("cause", check.cause());
        json.put("remedy", check.remedy().isEmpty() ? null : check.remedy());
        return json;
    }
}
