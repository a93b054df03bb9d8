package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import io.onebox.controller.store.Actor;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `user reset-password`: also ends the user's sessions.
@Command(name = "reset-password", description = "Give a user another password and end his sessions.")
final class UserResetPasswordCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", description = "The login.")
    private String login = "";

    @Option(
            names = "--password-file",
            paramLabel = "F",
            required = true,
            description = "File whose first line is the password; - is standard input.")
    private String passwordFile = "";

    UserResetPasswordCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        String password = PasswordSource.read(invocation.terminal(), passwordFile);
        try (Controller controller = invocation.open()) {
            if (!controller.accounts().resetPassword(Actor.LOCAL, login, password)) {
                throw new CommandFailure(ExitCode.BAD_DATA, "there is no user '" + login + "'", "");
            }
            invocation.say("password of " + login + " changed; his sessions have ended");
        }
    }
}
