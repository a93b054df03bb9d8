package io.onebox.shared.config;

import java.util.Locale;

/// How much is logged, and how it looks.
public record LogConfig(Level level, Format format) {

    /// The least important lines that are logged.
    public enum Level {
        /// The process cannot go on.
        ERROR,
        /// An operator should look.
        WARN,
        /// Changes a user would notice.
        INFO,
        /// Anything else.
        DEBUG
    }

    /// How a line looks.
    public enum Format {
        /// For people.
        TEXT,
        /// One object a line, for programs.
        JSON
    }

    private static final Rule<Level> LEVEL =
            Rules.choice(Level.values(), level -> level.name().toLowerCase(Locale.ROOT));

    private static final Rule<Format> FORMAT =
            Rules.choice(Format.values(), format -> format.name().toLowerCase(Locale.ROOT));

    static LogConfig read(ConfigSection section) {
        var config =
                new LogConfig(section.text("level", LEVEL, Level.INFO), section.text("format", FORMAT, Format.TEXT));
        section.close();
        return config;
    }
}
