package io.onebox.controller.registry;

import java.util.Locale;

/// How far an agent is trusted.
///
/// ```
/// pending → active ⇄ disabled
///     └────────┴─────────┴──→ revoked
/// ```
public enum NodeState {
    /// Waits for approval, and is told nothing.
    PENDING,
    /// Takes part.
    ACTIVE,
    /// Known, and told to carry nothing.
    DISABLED,
    /// Its key is not accepted any more.
    REVOKED;

    /// The word in tables and messages.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
