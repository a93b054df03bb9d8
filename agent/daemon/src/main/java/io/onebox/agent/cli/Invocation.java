package io.onebox.agent.cli;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.LocalConfig;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of the program: its role, its flags, its terminal.
final class Invocation {

    private final Role role;
    private final Terminal terminal;
    private final GlobalOptions options;

    Invocation(Role role, Terminal terminal, GlobalOptions options) {
        this.role = role;
        this.terminal = terminal;
        this.options = options;
    }

    Role role() {
        return role;
    }

    Terminal terminal() {
        return terminal;
    }

    GlobalOptions options() {
        return options;
    }

    /// Prints a line of data.
    void print(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }

    /// Prints a document.
    void print(Map<String, @Nullable Object> json) {
        print(Json.write(json));
    }

    /// Says something on the side.
    void say(String message) {
        if (!options.quiet) {
            terminal.err().println(message);
            terminal.err().flush();
        }
    }

    Palette palette() {
        boolean wanted = terminal.isInteractive()
                && !options.noColor
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
        return wanted ? Palette.COLOURS : Palette.PLAIN;
    }

    /// The configuration file.
    Path config() {
        return options.config != null ? options.config : role.defaultConfig();
    }

    /// The socket of the agent: as told, or as its configuration says.
    Path socket() {
        if (options.socket != null) {
            return options.socket;
        }
        if (Files.isReadable(config())
                && TomlDocument.read(config()) instanceof Loaded.Valid<TomlDocument>(var document)) {
            String configured = new JsonObject(document.values()).object("api").text("socket");
            return configured == null ? role.defaultSocket() : Path.of(configured);
        }
        return role.defaultSocket();
    }

    /// What an agent that has enrolled keeps: where its configuration says.
    ControlFiles controlFiles() {
        String configured = Files.isReadable(config())
                        && TomlDocument.read(config()) instanceof Loaded.Valid<TomlDocument>(var document)
                ? new JsonObject(document.values()).object("state").text("directory")
                : null;
        return ControlFiles.of(configured == null ? LocalConfig.DEFAULT_STATE : Path.of(configured), role.spelling());
    }

    AgentClient client() {
        return new AgentClient(socket(), options.timeout, role.program());
    }

    /// Asks the agent for a document; prints it as it is if JSON is wanted.
    JsonObject fetch(String path) {
        String text = client().request("GET", path, "");
        if (options.json) {
            print(text.strip());
        }
        return Json.object(text)
                .map(JsonObject::new)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        "the agent's answer to " + path + " is not JSON",
                        "the command and the agent may be of different versions"));
    }

    /// Tells the agent to do something.
    JsonObject tell(String path, String body) {
        String text = client().request("POST", path, body);
        if (options.json) {
            print(text.strip());
        }
        return new JsonObject(Json.object(text).orElse(Map.of()));
    }
}
