package io.onebox.shared.message;

import java.util.Locale;
import java.util.Optional;

/// What can happen to an agent. `docs/reference/api.md` is made of this.
public enum EventKind {
    /// A link carries data.
    LINK_UP,
    /// A link carries no data any more.
    LINK_DOWN,
    /// A server's client has connected to it.
    CLIENT_UP,
    /// A server's client has gone.
    CLIENT_DOWN,
    /// The tunnel works.
    TUNNEL_UP,
    /// The tunnel does not work any more.
    TUNNEL_DOWN,
    /// The agent is connected to the controller.
    AGENT_ONLINE,
    /// The agent is not connected to the controller any more.
    AGENT_OFFLINE,
    /// Two machines have the identity of the agent.
    AGENT_DUPLICATE,
    /// The agent has a newer configuration than the database knows, which was restored.
    AGENT_AHEAD,
    /// The agent said more than 20 messages a second and was disconnected.
    AGENT_FLOODING;

    /// Whether an agent may say it; only the controller can tell the others.
    public boolean isOfAgents() {
        return switch (this) {
            case LINK_UP, LINK_DOWN, CLIENT_UP, CLIENT_DOWN, TUNNEL_UP, TUNNEL_DOWN -> true;
            case AGENT_ONLINE, AGENT_OFFLINE, AGENT_DUPLICATE, AGENT_AHEAD, AGENT_FLOODING -> false;
        };
    }

    /// As messages and the API write it, such as `link.up`.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /// The kind of that spelling.
    public static Optional<EventKind> parse(String text) {
        for (EventKind kind : values()) {
            if (kind.spelling().equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
