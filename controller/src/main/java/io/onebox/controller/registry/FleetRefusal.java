package io.onebox.controller.registry;

/// A change that this fleet does not allow.
public final class FleetRefusal extends RuntimeException {

    private final Code code;

    /// Why not.
    public enum Code {
        /// There is no such agent.
        NOT_FOUND,
        /// The name belongs to another agent.
        NAME_CONFLICT,
        /// The state of the agent forbids it.
        WRONG_STATE,
        /// The agent has the other role.
        WRONG_ROLE,
        /// Every address of the network is taken.
        NO_ADDRESS,
        /// As many agents as may wait for approval do.
        TOO_MANY_PENDING,
        /// As many links as may have settings do.
        TOO_MANY_LINKS
    }

    FleetRefusal(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
