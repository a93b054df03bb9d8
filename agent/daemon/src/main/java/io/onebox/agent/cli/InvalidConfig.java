package io.onebox.agent.cli;

import io.onebox.shared.config.ConfigError;
import java.util.List;

/// A configuration file has errors.
final class InvalidConfig extends RuntimeException {

    private final transient List<ConfigError> errors;

    InvalidConfig(List<ConfigError> errors) {
        super(errors.size() + " errors in the configuration");
        this.errors = List.copyOf(errors);
    }

    List<ConfigError> errors() {
        return errors;
    }
}
