package io.onebox.shared.config;

import java.nio.file.Path;

/// One thing wrong with a configuration file, said so that it can be found and mended.
///
/// @param line counted from 1
/// @param key full key as written, such as `link[1].upload`; `syntax` where the file is not TOML
/// @param problem the rule and the offending value: `must be a whole number between 1 and 10, was 'x'`
public record ConfigError(Path file, int line, String key, String problem) {

    /// Renders as `file:line: key: problem`, a form that editors and terminals turn into a link.
    @Override
    public String toString() {
        return "%s:%d: %s: %s".formatted(file, line, key, problem);
    }
}
