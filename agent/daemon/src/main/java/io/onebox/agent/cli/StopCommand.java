package io.onebox.agent.cli;

import picocli.CommandLine.Command;

/// `stop`: see [Service].
@Command(name = "stop", description = "Stop the agent and wait until it is gone.")
final class StopCommand implements Runnable {

    private final Invocation invocation;

    StopCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Service.of(invocation).stop();
    }
}
