package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.ServerConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `config check [F]`: every error at once.
@Command(name = "check", description = "List every error of a configuration file; exit 78 if there is one.")
final class ConfigCheckCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "F", description = "The file, if not the one in use.")
    private @Nullable Path file;

    ConfigCheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Path checked = file == null ? invocation.config() : file;
        List<ConfigError> errors = errors(invocation.role(), checked);
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.config-check/1");
            json.put("file", checked.toString());
            json.put("errors", errors.stream().map(ConfigCheckCommand::json).toList());
            invocation.print(json);
        }
        if (!errors.isEmpty()) {
            throw new InvalidConfig(errors);
        }
        invocation.say(checked + " is right");
        return ExitCode.OK;
    }

    static List<ConfigError> errors(Role role, Path file) {
        if (role == Role.CLIENT) {
            return ClientConfig.load(file) instanceof Loaded.Invalid<ClientConfig>(var errors) ? errors : List.of();
        }
        return ServerConfig.load(file) instanceof Loaded.Invalid<ServerConfig>(var errors) ? errors : List.of();
    }

    private static Map<String, @Nullable Object> json(ConfigError error) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("file", error.file().toString());
        json.put("line", error.line());
        json.put("key", error.key());
        json.put("problem", error.problem());
        return json;
    }
}
