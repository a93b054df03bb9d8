package io.onebox.agent.cli;

import io.onebox.agent.Agent;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.Terminal;
import java.util.List;

/// What both programs do: the services' `run` goes straight to the agent, anything else to the command line.
///
/// A service needs no parser, and the parser is slow to start: it is compiled for Java 5, so that no class cache may
/// have it (docs/decisions/0128).
final class Program {

    /// What the units of systemd say.
    private static final List<String> SERVICE = List.of("run");

    private Program() {}

    /// Runs one command.
    ///
    /// @return its exit code, of [ExitCode]
    static int execute(Role role, String... arguments) {
        Terminal terminal = Terminal.system();
        return List.of(arguments).equals(SERVICE) ? serve(role, terminal) : Onebox.execute(role, terminal, arguments);
    }

    private static int serve(Role role, Terminal terminal) {
        try {
            return Agent.run(role, role.defaultConfig(), null, false, terminal.err());
        } catch (RuntimeException e) {
            terminal.err().println(role.program() + ": " + e);
            terminal.err().flush();
            return ExitCode.FAILURE;
        }
    }
}
