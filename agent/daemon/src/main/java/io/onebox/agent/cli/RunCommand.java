package io.onebox.agent.cli;

import io.onebox.agent.Agent;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `run`: the agent itself, in the foreground.
@Command(name = "run", description = "Run the agent in the foreground; logs go to stderr.")
final class RunCommand implements Callable<Integer> {

    private final Invocation invocation;

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return Agent.run(
                invocation.role(),
                invocation.config(),
                invocation.options().socket,
                invocation.options().verbose,
                invocation.terminal().err());
    }
}
