package io.onebox.controller.cli;

import io.onebox.controller.auth.Passwords;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A password from a file or from standard input, never from the command line.
final class PasswordSource {

    private static final int MAX_BYTES = 1024;

    private PasswordSource() {}

    /// The first line.
    ///
    /// @param file `-` for standard input
    static String read(Terminal terminal, String file) {
        try (InputStream in = file.equals("-") ? terminal.in() : Files.newInputStream(Path.of(file))) {
            String password = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            Optional<String> problem = Passwords.problem(password);
            if (problem.isPresent()) {
                throw new CommandFailure(ExitCode.BAD_DATA, problem.get(), "");
            }
            return password;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.BAD_DATA, "cannot read the password from " + file, String.valueOf(e.getMessage()));
        }
    }
}
