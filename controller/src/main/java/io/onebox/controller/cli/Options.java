package io.onebox.controller.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The flags every command has, in front of its name or behind it.
final class Options {

    @Option(
            names = "--config",
            paramLabel = "F",
            scope = ScopeType.INHERIT,
            description = "Configuration file; /etc/onebox/controller.toml unless told otherwise.")
    Path config = Path.of("/etc/onebox/controller.toml");

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Data as JSON.")
    boolean json;
}
