package io.onebox.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Patience for what happens in its own time: tests wait for a fact, never for a while.
public final class Eventually {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Eventually() {}

    /// Returns as soon as `assertion` passes; rethrows its last failure after `patience`.
    public static void eventually(Duration patience, Runnable assertion) {
        long endNs = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError | RuntimeException e) {
                if (System.nanoTime() - endNs > 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
