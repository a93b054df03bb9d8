package io.onebox.agent.cli;

/// A command cannot do what it was asked: one sentence, the remedy, and an exit code of [ExitCode].
final class CommandFailure extends RuntimeException {

    private final int exitCode;
    private final String hint;

    /// @param hint the remedy, or empty
    CommandFailure(int exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    int exitCode() {
        return exitCode;
    }

    String hint() {
        return hint;
    }
}
