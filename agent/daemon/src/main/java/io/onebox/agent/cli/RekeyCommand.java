package io.onebox.agent.cli;

import picocli.CommandLine.Command;

/// `rekey`.
@Command(
        name = "rekey",
        description = {
            "Ask the controller for new keys, which the agent makes at once.",
            "A copy of this machine with the keys it had is let in no more."
        })
final class RekeyCommand implements Runnable {

    private final Invocation invocation;

    RekeyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        invocation.tell("/v1/rekey", "");
        invocation.say("asked; the fingerprint at the controller is another one when it has happened");
    }
}
