package io.onebox.agent.status;

import java.nio.file.Path;
import java.util.Locale;

/// What an agent is: a client with several links, or a server with many clients.
public enum Role {
    /// Has one server and bonds its links to it.
    CLIENT,
    /// Has many clients.
    SERVER;

    /// The word in paths, JSON and messages.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The program of this role.
    public String program() {
        return "onebox-" + spelling();
    }

    /// The configuration file unless told otherwise.
    public Path defaultConfig() {
        return Path.of("/etc/onebox", spelling() + ".toml");
    }

    /// The socket of the local API unless told otherwise.
    public Path defaultSocket() {
        return Path.of("/run/onebox", spelling() + ".sock");
    }
}
