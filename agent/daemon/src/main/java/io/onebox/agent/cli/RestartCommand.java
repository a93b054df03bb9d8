package io.onebox.agent.cli;

import picocli.CommandLine.Command;

/// `restart`: see [Service].
@Command(name = "restart", description = "Stop the agent, if it runs, and start it again.")
final class RestartCommand implements Runnable {

    private final Invocation invocation;

    RestartCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Service.of(invocation).restart();
    }
}
