package io.onebox.agent.cli;

import io.onebox.agent.status.Role;

/// The program `onebox-client`.
public final class OneboxClient {

    private OneboxClient() {}

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        System.exit(Program.execute(Role.CLIENT, arguments));
    }
}
