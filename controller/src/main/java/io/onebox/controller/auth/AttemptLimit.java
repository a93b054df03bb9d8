package io.onebox.controller.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// So many attempts in so much time, for each key. Remembers a bounded number of keys; forgets the oldest.
public final class AttemptLimit {

    private static final int MAX_KEYS = 10_000;

    private final int attempts;
    private final Duration window;
    private final InstantSource clock;
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(Instant since, int used) {}

    public AttemptLimit(int attempts, Duration window, InstantSource clock) {
        this.attempts = attempts;
        this.window = window;
        this.clock = clock;
    }

    /// Counts an attempt.
    ///
    /// @return whether it may be made
    public synchronized boolean tryUse(String key) {
        if (!isOpen(key)) {
            return false;
        }
        Count count = counts.getOrDefault(key, new Count(clock.instant(), 0));
        if (counts.size() >= MAX_KEYS && !counts.containsKey(key)) {
            counts.remove(counts.keySet().iterator().next());
        }
        counts.put(key, new Count(count.since(), count.used() + 1));
        return true;
    }

    /// Whether another attempt may be made.
    public synchronized boolean isOpen(String key) {
        Count count = counts.get(key);
        if (count == null) {
            return true;
        }
        if (count.since().plus(window).isBefore(clock.instant())) {
            counts.remove(key);
            return true;
        }
        return count.used() < attempts;
    }
}
