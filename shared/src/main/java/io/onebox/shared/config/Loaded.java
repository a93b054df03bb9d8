package io.onebox.shared.config;

import java.util.List;

/// The outcome of reading a configuration: all of it is right, or everything wrong is listed.
public sealed interface Loaded<T> {

    /// A configuration that can be used as it is.
    record Valid<T>(T config) implements Loaded<T> {}

    /// Everything that is wrong, in the order of the lines.
    record Invalid<T>(List<ConfigError> errors) implements Loaded<T> {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }
}
