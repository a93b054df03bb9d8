package io.onebox.shared.cli;

import java.io.BufferedInputStream;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a command reads and writes.
///
/// @param in standard input
/// @param out data
/// @param err messages
/// @param isInteractive whether somebody is looking at it
public record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean isInteractive) {

    /// That of this process.
    public static Terminal system() {
        // Without a terminal there is no console, or one that says so: that depends on the JDK.
        boolean isInteractive = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return new Terminal(
                new BufferedInputStream(System.in),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                isInteractive);
    }
}
