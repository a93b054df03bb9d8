package io.onebox.agent.cli;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.PushedDocument;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.config.TomlDocument;
import java.nio.file.Files;
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

    private static final TomlDocument EMPTY = new TomlDocument(Path.of(""), Map.of(), Map.of());

    private final Invocation invocation;

    @Parameters(arity = "0..1", paramLabel = "F", description = "The file, if not the one in use.")
    private @Nullable Path file;

    ConfigCheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Path checked = file == null ? invocation.config() : file;
        List<ConfigError> errors = errors(invocation, checked);
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

    /// What is wrong with a file. Of an agent that has enrolled it is only what the controller does not say.
    static List<ConfigError> errors(Invocation invocation, Path file) {
        ControlFiles files = invocation.controlFiles();
        boolean mayBeMissing = files.isEnrolled() && file.equals(invocation.config()) && !Files.exists(file);
        Loaded<TomlDocument> read = mayBeMissing ? new Loaded.Valid<>(EMPTY) : TomlDocument.read(file);
        return switch (read) {
            case Loaded.Invalid<TomlDocument>(var errors) -> errors;
            case Loaded.Valid<TomlDocument>(var document) ->
                files.isEnrolled()
                        ? controlled(invocation.role(), files, document)
                        : whole(invocation.role(), new Loaded.Valid<>(document));
        };
    }

    /// Before it has heard from the controller, only its own tables can be looked at.
    private static List<ConfigError> controlled(Role role, ControlFiles files, TomlDocument local) {
        return files.enrolment()
                .flatMap(files::lastGood)
                .flatMap(PushedDocument::read)
                .map(pushed -> whole(role, pushed.over(local, files.tunnelKey())))
                .orElseGet(() ->
                        errors(role == Role.CLIENT ? ClientConfig.readLocal(local) : ServerConfig.readLocal(local)));
    }

    private static List<ConfigError> whole(Role role, Loaded<TomlDocument> document) {
        return switch (document) {
            case Loaded.Invalid<TomlDocument>(var errors) -> errors;
            case Loaded.Valid<TomlDocument>(var found) ->
                errors(role == Role.CLIENT ? ClientConfig.read(found) : ServerConfig.read(found));
        };
    }

    private static List<ConfigError> errors(Loaded<?> loaded) {
        return loaded instanceof Loaded.Invalid<?>(var errors) ? errors : List.of();
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
