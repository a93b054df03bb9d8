package io.onebox.controller.cli;

import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.Loaded;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `config check [F]`: every error at once.
@Command(name = "check", description = "List every error of a configuration file; exit 78 if there is one.")
final class ConfigCheckCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "F", description = "The file, if not the one in use.")
    private @Nullable Path file;

    ConfigCheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Path checked = file == null ? invocation.options().config : file;
        if (ControllerConfig.load(checked) instanceof Loaded.Invalid<ControllerConfig>(List<ConfigError> errors)) {
            throw new InvalidConfig(errors);
        }
        invocation.say(checked + " is right");
    }
}
