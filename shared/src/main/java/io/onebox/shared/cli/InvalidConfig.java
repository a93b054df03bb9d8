package io.onebox.shared.cli;

import io.onebox.shared.config.ConfigError;
import java.util.List;

/// A configuration file has errors.
public final class InvalidConfig extends RuntimeException {

    private final transient List<ConfigError> errors;

    public InvalidConfig(List<ConfigError> errors) {
        super(errors.size() + " errors in the configuration");
        this.errors = List.copyOf(errors);
    }

    public List<ConfigError> errors() {
        return errors;
    }
}
