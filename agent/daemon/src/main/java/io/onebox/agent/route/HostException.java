package io.onebox.agent.route;

/// The host did not let us prepare it. The message says what failed, on what, and what to do.
public final class HostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public HostException(String message) {
        super(message);
    }

    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
