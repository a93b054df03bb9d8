package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/// A command as somebody typed it, and what came of it.
record Typed(int exitCode, String out, String err) {

    static Typed type(Role role, String... arguments) {
        return typeWithInput(role, "", arguments);
    }

    static Typed typeWithInput(Role role, String input, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var terminal = new Terminal(in, new PrintWriter(out), new PrintWriter(err), false);
        int exitCode = Onebox.execute(role, terminal, arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
