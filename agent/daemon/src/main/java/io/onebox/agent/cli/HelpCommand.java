package io.onebox.agent.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `help [COMMAND…]`.
@Command(name = "help", description = "Show the help of a command.")
final class HelpCommand implements Runnable {

    private final Invocation invocation;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", description = "The command, such as: links set.")
    private List<String> names = List.of();

    HelpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        CommandLine self = Objects.requireNonNull(spec).commandLine();
        CommandLine found = self.getParent();
        for (String name : names) {
            CommandLine next = found.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(self, "no command '" + name + "'");
            }
            found = next;
        }
        found.usage(invocation.terminal().out());
    }
}
