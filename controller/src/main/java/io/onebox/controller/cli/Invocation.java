package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of the program: its flags, its terminal.
record Invocation(Terminal terminal, Options options) {

    /// The configuration, or all of its errors.
    ControllerConfig config() {
        return switch (ControllerConfig.load(options.config)) {
            case Loaded.Valid<ControllerConfig>(ControllerConfig config) -> config;
            case Loaded.Invalid<ControllerConfig>(var errors) -> throw new InvalidConfig(errors);
        };
    }

    /// The controller of the configuration, to be closed.
    Controller open() {
        return Controller.open(config());
    }

    /// Prints a line of data.
    void print(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }

    /// Prints a document, or what it says to people.
    void print(Map<String, @Nullable Object> json, String text) {
        print(options.json ? Json.write(json) : text);
    }

    /// Says something on the side.
    void say(String message) {
        terminal.err().println(message);
        terminal.err().flush();
    }

    void complain(String message, String hint) {
        say(OneboxController.PROGRAM + ": " + message + (hint.isEmpty() ? "" : "\n  " + hint));
    }
}
