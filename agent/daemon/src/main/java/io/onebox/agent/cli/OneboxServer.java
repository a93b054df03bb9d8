package io.onebox.agent.cli;

import io.onebox.agent.status.Role;

/// The program `onebox-server`.
public final class OneboxServer {

    private OneboxServer() {}

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        System.exit(Program.execute(Role.SERVER, arguments));
    }
}
