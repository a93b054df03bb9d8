package io.onebox.agent.cli;

import io.onebox.agent.control.ControlFiles;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import picocli.CommandLine.Command;

/// `unenrol`: forgets the controller and the keys it knows.
@Command(name = "unenrol", description = "Forget the controller, the configuration it gave, and this agent's keys.")
final class UnenrolCommand implements Runnable {

    private final Invocation invocation;

    UnenrolCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControlFiles files = invocation.controlFiles();
        if (!files.isEnrolled()) {
            throw new CommandFailure(
                    ExitCode.NOT_ENROLLED, "this agent has not enrolled", "nothing is kept in " + files.directory());
        }
        files.forget();
        invocation.say("forgotten; revoke the agent at the controller, and stop it here: "
                + invocation.role().program() + " stop");
    }
}
