package io.onebox.agent.cli;

import java.util.List;
import picocli.CommandLine.Command;

/// `down`.
@Command(name = "down", description = "Switch the tunnel off; the service stays.")
final class DownCommand implements Runnable {

    private final Invocation invocation;

    DownCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        List<String> changes = invocation.tell("/v1/down", "").texts("changes");
        invocation.say(changes.isEmpty() ? "the tunnel is off" : String.join("\n", changes));
    }
}
