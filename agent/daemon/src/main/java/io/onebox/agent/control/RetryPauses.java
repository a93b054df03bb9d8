package io.onebox.agent.control;

import java.util.random.RandomGenerator;

/// The pauses between attempts to connect. Each is drawn between zero and a bound that doubles, so that thousands
/// that lost their controller at once do not come back at once. Used on one event loop.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter.
final class RetryPauses {

    static final long FIRST_BOUND_MS = 1_000;
    static final long LONGEST_MS = 60_000;

    private final RandomGenerator random;
    private long boundMs = FIRST_BOUND_MS;

    RetryPauses(RandomGenerator random) {
        this.random = random;
    }

    /// The pause before the next attempt, a millisecond at least.
    long nextMs() {
        long pauseMs = 1 + random.nextLong(boundMs);
        boundMs = Math.min(LONGEST_MS, 2 * boundMs);
        return pauseMs;
    }

    /// The controller has accepted us: what comes next begins anew.
    void onWelcome() {
        boundMs = FIRST_BOUND_MS;
    }

    /// The controller does not want us: somebody has to do something first, which takes a while.
    void onRefused() {
        boundMs = LONGEST_MS;
    }
}
