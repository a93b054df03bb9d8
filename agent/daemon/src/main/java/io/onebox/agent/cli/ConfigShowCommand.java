package io.onebox.agent.cli;

import io.onebox.agent.status.ConfigJson;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.ServerConfig;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// `config show`: what is in force, with defaults and without secrets; that of the file if no agent runs.
@Command(name = "show", description = "Show the configuration in force, with defaults and without secrets.")
final class ConfigShowCommand implements Runnable {

    private final Invocation invocation;

    ConfigShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Map<String, @Nullable Object> config = inForce();
        if (invocation.options().json) {
            invocation.print(config);
        } else {
            config.remove("schema");
            toml(new JsonObject(config));
        }
    }

    private Map<String, @Nullable Object> inForce() {
        try {
            return Json.object(invocation.client().request("GET", "/v1/config", ""))
                    .orElseThrow(() -> new CommandFailure(ExitCode.UNAVAILABLE, "the agent's answer is not JSON", ""));
        } catch (CommandFailure failure) {
            if (failure.exitCode() != ExitCode.NOT_RUNNING) {
                throw failure;
            }
            return fromFile();
        }
    }

    private Map<String, @Nullable Object> fromFile() {
        if (invocation.role() == Role.CLIENT) {
            return switch (ClientConfig.load(invocation.config())) {
                case Loaded.Valid<ClientConfig>(var config) -> ConfigJson.of(config);
                case Loaded.Invalid<ClientConfig>(var errors) -> throw new InvalidConfig(errors);
            };
        }
        return switch (ServerConfig.load(invocation.config())) {
            case Loaded.Valid<ServerConfig>(var config) -> ConfigJson.of(config);
            case Loaded.Invalid<ServerConfig>(var errors) -> throw new InvalidConfig(errors);
        };
    }

    /// Prints tables and arrays of tables; texts, numbers and lists look in TOML as they do in JSON.
    private void toml(JsonObject config) {
        config.entries().forEach((name, value) -> {
            if (value instanceof Map<?, ?> table) {
                table("[" + name + "]", new JsonObject(table));
            } else if (value instanceof List<?>) {
                config.objects(name).forEach(table -> table("[[" + name + "]]", table));
            }
        });
    }

    private void table(String title, JsonObject table) {
        invocation.print(title);
        table.entries().forEach((key, value) -> invocation.print(key + " = " + Json.write(value)));
        invocation.print("");
    }
}
