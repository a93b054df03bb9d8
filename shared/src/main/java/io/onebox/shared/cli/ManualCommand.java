package io.onebox.shared.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `manual`: the page for man(1). For the build, which packs it.
@Command(name = "manual", hidden = true, description = "Print the manual page; read it with: man -l FILE.")
public final class ManualCommand implements Runnable {

    private final Terminal terminal;
    private final ManPage.Program program;

    @Spec
    private @Nullable CommandSpec spec;

    public ManualCommand(Terminal terminal, ManPage.Program program) {
        this.terminal = terminal;
        this.program = program;
    }

    @Override
    public void run() {
        terminal.out()
                .println(ManPage.of(program, Objects.requireNonNull(spec).root().commandLine())
                        .strip());
        terminal.out().flush();
    }
}
