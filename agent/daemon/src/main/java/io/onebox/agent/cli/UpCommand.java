package io.onebox.agent.cli;

import java.util.List;
import picocli.CommandLine.Command;

/// `up`.
@Command(name = "up", description = "Switch the tunnel on.")
final class UpCommand implements Runnable {

    private final Invocation invocation;

    UpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        List<String> changes = invocation.tell("/v1/up", "").texts("changes");
        invocation.say(changes.isEmpty() ? "the tunnel is on" : String.join("\n", changes));
    }
}
