package io.onebox.engine.path;

/// Where a path is in its life.
///
/// ```
///               answered               overdue                 3 probes unanswered
///   VALIDATING ----------> USABLE ----------------> SUSPECT ----------------> DOWN
///       |                    ^  ^-- answered ----------+                       |
///       |                    +------- 3 answers in a row ----------------------+
///       +--- any state ---> CLOSED   link or session removed
/// ```
public enum PathState {
    /// No handshake or probe answered yet: carries probes only.
    VALIDATING,
    /// Carries data.
    USABLE,
    /// An answer is overdue: carries data only if no path is usable.
    SUSPECT,
    /// Silent: carries probes, with backoff.
    DOWN,
    /// Carries nothing, and never will again.
    CLOSED;

    boolean canBecome(PathState next) {
        return switch (this) {
            case VALIDATING -> next == USABLE || next == DOWN || next == CLOSED;
            case USABLE -> next == SUSPECT || next == DOWN || next == CLOSED;
            case SUSPECT -> next == USABLE || next == DOWN || next == CLOSED;
            case DOWN -> next == USABLE || next == CLOSED;
            case CLOSED -> false;
        };
    }
}
