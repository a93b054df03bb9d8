package io.onebox.agent.cli;

import picocli.CommandLine.Command;

/// `start`: see [Service].
@Command(name = "start", description = "Start the agent in the background and wait until it is up.")
final class StartCommand implements Runnable {

    private final Invocation invocation;

    StartCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Service.of(invocation).start();
    }
}
