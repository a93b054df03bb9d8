package io.onebox.shared.cli;

/// A command cannot do what it was asked: one sentence, the remedy, and an exit code of [ExitCode].
public final class CommandFailure extends RuntimeException {

    private final int exitCode;
    private final String hint;

    /// @param hint the remedy, or empty
    public CommandFailure(int exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public int exitCode() {
        return exitCode;
    }

    public String hint() {
        return hint;
    }
}
