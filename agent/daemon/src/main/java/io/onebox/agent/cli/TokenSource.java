package io.onebox.agent.cli;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.identity.EnrolmentToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// An enrolment token from a file or from standard input, never from the command line.
final class TokenSource {

    private static final int MAX_BYTES = 4096;

    private TokenSource() {}

    /// The token.
    ///
    /// @param file `-` for standard input
    static EnrolmentToken read(Terminal terminal, String file) {
        try (InputStream in = file.equals("-") ? terminal.in() : Files.newInputStream(Path.of(file))) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return switch (EnrolmentToken.parse(text)) {
                case EnrolmentToken.Parsed.Valid(EnrolmentToken token) -> token;
                case EnrolmentToken.Parsed.Malformed(String problem) ->
                    throw new CommandFailure(ExitCode.USAGE, problem, "");
            };
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_DATA, "cannot read the token from " + file, "" + e.getMessage());
        }
    }
}
