package io.onebox.shared.identity;

import java.util.Locale;
import java.util.Optional;

/// What an agent is to the controller.
public enum AgentRole {
    /// Bonds its links to one server.
    CLIENT,
    /// Serves many clients.
    SERVER;

    /// The word in messages, tokens and tables.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The role of that spelling.
    public static Optional<AgentRole> parse(String text) {
        for (AgentRole role : values()) {
            if (role.spelling().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
