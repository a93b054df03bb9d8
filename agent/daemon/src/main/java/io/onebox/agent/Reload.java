package io.onebox.agent;

import io.onebox.agent.api.ApiException;
import io.onebox.agent.api.ApiException.Kind;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a reload accepts: a configuration without errors that differs only where a running agent can change.
final class Reload {

    private static final String KEPT = "the configuration in force stays as it is";

    private Reload() {}

    /// The configuration.
    ///
    /// @throws ApiException with every error, if there is one
    static <T> T valid(Loaded<TomlDocument> document, Function<TomlDocument, Loaded<T>> read) {
        Loaded<T> loaded = switch (document) {
            case Loaded.Invalid<TomlDocument>(var errors) -> new Loaded.Invalid<>(errors);
            case Loaded.Valid<TomlDocument>(var found) -> read.apply(found);
        };
        return switch (loaded) {
            case Loaded.Valid<T>(T config) -> config;
            case Loaded.Invalid<T>(var errors) -> throw new ApiException(Kind.CONFIGURATION, lines(errors), KEPT);
        };
    }

    /// Fails if something changed that cannot.
    static void refuse(Changes changes) {
        if (!changes.refused().isEmpty()) {
            throw new ApiException(
                    Kind.REFUSED,
                    String.join(", ", changes.refused()) + " cannot change while the agent runs",
                    KEPT + "; restart the agent for the new one");
        }
    }

    private static String lines(List<ConfigError> errors) {
        return errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n"));
    }
}
