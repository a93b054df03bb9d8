package io.onebox.shared.message;

import java.util.Locale;
import java.util.Optional;

/// How far a pushed configuration has come; the same words in messages, tables, commands and the console.
///
/// ```
/// pending → sent → provisional → applied
///             └→ rejected    └→ rolled back
/// ```
public enum ConfigState {
    /// Made, and the agent is not connected.
    PENDING,
    /// On its way to the agent.
    SENT,
    /// In use, and not yet proved.
    PROVISIONAL,
    /// In use, and kept.
    APPLIED,
    /// Not taken: the agent says why.
    REJECTED,
    /// Tried, and the one before is in use again: the agent says why.
    ROLLED_BACK,
    /// A newer one took its place.
    SUPERSEDED;

    /// The word.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The state of that word.
    public static Optional<ConfigState> parse(String text) {
        for (ConfigState state : values()) {
            if (state.spelling().equals(text)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
