package io.onebox.controller.cli;

import io.onebox.shared.cli.Terminal;
import picocli.CommandLine.Option;

/// The option of commands that need the passphrase of a backup.
final class Passphrase {

    @Option(
            names = "--passphrase-file",
            paramLabel = "P",
            required = true,
            description = "File whose first line is the passphrase; - is standard input.")
    private String file = "";

    /// What it is.
    String read(Terminal terminal) {
        return PasswordSource.read(terminal, file);
    }
}
