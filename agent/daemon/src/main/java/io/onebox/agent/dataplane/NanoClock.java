package io.onebox.agent.dataplane;

/// Monotonic time in nanoseconds since the process started: never negative, so that instants
/// compare with `<` and [Long#MAX_VALUE] means never.
@FunctionalInterface
public interface NanoClock {

    /// Nanoseconds since this clock was made.
    long nowNs();

    /// The clock of the machine. Create one, in `main`, and pass it on.
    static NanoClock system() {
        long origin = System.nanoTime();
        return () -> System.nanoTime() - origin;
    }
}
