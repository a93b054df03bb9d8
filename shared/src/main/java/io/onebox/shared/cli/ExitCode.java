package io.onebox.shared.cli;

/// What a command's exit means; the numbers from 64 on are those of BSD's sysexits.h.
public final class ExitCode {

    /// Done.
    public static final int OK = 0;
    /// Failed.
    public static final int FAILURE = 1;
    /// Works, but not as asked with `--check`.
    public static final int DEGRADED = 2;
    /// No agent answers.
    public static final int NOT_RUNNING = 3;
    /// This agent has not enrolled.
    public static final int NOT_ENROLLED = 4;
    /// Took too long.
    public static final int TIMED_OUT = 5;
    /// The state of the agent or of the machine forbids it.
    public static final int REFUSED = 6;
    /// The command line is wrong.
    public static final int USAGE = 64;
    /// What was given is wrong.
    public static final int BAD_DATA = 65;
    /// The agent or the machine cannot do it.
    public static final int UNAVAILABLE = 69;
    /// Not now; try again.
    public static final int TEMPORARY = 75;
    /// Not allowed.
    public static final int PERMISSION = 77;
    /// The configuration file is wrong.
    public static final int CONFIGURATION = 78;
    /// Ctrl-C.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
