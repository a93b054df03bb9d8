package io.onebox.agent.cli;

import java.util.List;
import picocli.CommandLine.Command;

/// `reload`.
@Command(name = "reload", description = "Read the configuration again and apply what changed.")
final class ReloadCommand implements Runnable {

    private final Invocation invocation;

    ReloadCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        List<String> changes = invocation.tell("/v1/reload", "").texts("changes");
        invocation.say(changes.isEmpty() ? "nothing changed" : String.join("\n", changes));
    }
}
