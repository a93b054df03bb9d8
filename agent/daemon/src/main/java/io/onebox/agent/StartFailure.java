package io.onebox.agent;

/// The agent cannot start: one sentence with the fix, and the exit code.
final class StartFailure extends RuntimeException {

    private final int exitCode;

    StartFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
