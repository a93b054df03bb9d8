package io.onebox.agent.cli;

import io.onebox.agent.status.Version;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `manual`: the page for man(1). For the build, which packs it.
@Command(name = "manual", hidden = true, description = "Print the manual page; read it with: man -l FILE.")
final class ManualCommand implements Runnable {

    private final Invocation invocation;

    @Spec
    private @Nullable CommandSpec spec;

    ManualCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        invocation.print(ManPage.of(
                        invocation.role(),
                        Version.current(),
                        Objects.requireNonNull(spec).root().commandLine())
                .strip());
    }
}
