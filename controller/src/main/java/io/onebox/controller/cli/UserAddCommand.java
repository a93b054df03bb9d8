package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Role;
import io.onebox.controller.store.Actor;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `user add`.
@Command(name = "add", description = "Add a user.")
final class UserAddCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", description = "The login.")
    private String login = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "owner, admin, operator or viewer (the default).")
    private String role = "viewer";

    @Option(
            names = "--password-file",
            paramLabel = "F",
            required = true,
            description = "File whose first line is the password; - is standard input.")
    private String passwordFile = "";

    UserAddCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Role wanted = Role.parse(role)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.BAD_DATA, "there is no role '" + role + "'", "owner, admin, operator or viewer"));
        if (!Accounts.isLogin(login)) {
            throw new CommandFailure(
                    ExitCode.BAD_DATA, "a login has 1 to 63 letters, digits, '.', '_', '@' or '-'", "");
        }
        String password = PasswordSource.read(invocation.terminal(), passwordFile);
        try (Controller controller = invocation.open()) {
            if (!controller.accounts().add(Actor.LOCAL, login, password, wanted)) {
                throw new CommandFailure(ExitCode.REFUSED, "there is a user '" + login + "' already", "");
            }
            invocation.say("user " + login + " added as " + wanted.spelling());
        }
    }
}
