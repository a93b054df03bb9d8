package io.onebox.agent.status;

import io.onebox.agent.status.Problem.Severity;
import java.util.Locale;

/// What can be wrong with an agent. `docs/reference/problems.md` is made of this.
public enum ProblemKind {
    /// The controller has given this agent nothing to carry.
    CONTROL_IDLE(Severity.CRITICAL),
    /// No interface has a usable route.
    LINK_NONE(Severity.CRITICAL),
    /// No link has a usable path to the server.
    SERVER_UNREACHABLE(Severity.CRITICAL),
    /// A link has not answered yet; others carry the traffic.
    LINK_VALIDATING(Severity.WARNING),
    /// An answer over a link is overdue; others carry the traffic.
    LINK_SUSPECT(Severity.WARNING),
    /// A link is silent; others carry the traffic.
    LINK_DOWN(Severity.WARNING),
    /// The session over a link has ended.
    LINK_CLOSED(Severity.WARNING),
    /// A name in `[server] endpoints` has no fresh answer.
    ENDPOINT_UNRESOLVED(Severity.WARNING),
    /// The name servers of `[tunnel] dns` are not used.
    DNS_UNSET(Severity.WARNING),
    /// At the start, the machine's clock was more than five minutes behind the last handshakes.
    CLOCK_BEHIND(Severity.WARNING),
    /// A link is paused.
    LINK_PAUSED(Severity.INFO),
    /// The tunnel is switched off.
    TUNNEL_DOWN(Severity.INFO);

    private final Severity severity;

    ProblemKind(Severity severity) {
        this.severity = severity;
    }

    /// The kind of a path that is not usable.
    ///
    /// @param state of the path, in lower case
    static ProblemKind ofPath(String state) {
        return valueOf("LINK_" + state.toUpperCase(Locale.ROOT));
    }

    /// How bad it is.
    public Severity severity() {
        return severity;
    }

    /// Its stable name, such as `link.down`.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
