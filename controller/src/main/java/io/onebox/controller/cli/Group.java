package io.onebox.controller.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Commands that are only the first word of others.
abstract sealed class Group implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /// `user`.
    @Command(name = "user", description = "Users of the API.")
    static final class Users extends Group {}

    /// `enrol-token`.
    @Command(name = "enrol-token", description = "Invitations for agents.")
    static final class EnrolTokens extends Group {}

    /// `ca`.
    @Command(name = "ca", description = "The controller's own root.")
    static final class Authority extends Group {}

    /// `config`.
    @Command(name = "config", description = "Check or show the configuration.")
    static final class Config extends Group {}
}
