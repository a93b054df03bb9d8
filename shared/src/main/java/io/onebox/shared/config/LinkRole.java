package io.onebox.shared.config;

import java.util.Locale;
import java.util.Optional;

/// When a link carries data.
public enum LinkRole {
    /// Whenever it is usable.
    ALWAYS,
    /// When the `always` links are full.
    SECONDARY,
    /// While no better link is usable, or all of them are full.
    BACKUP,
    /// Never: it carries probes only.
    NEVER;

    static final Rule<LinkRole> RULE = Rules.choice(values(), LinkRole::spelling);

    /// The word in configuration files and JSON.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The role of that spelling.
    public static Optional<LinkRole> parse(String text) {
        return RULE.read().apply(text);
    }
}
