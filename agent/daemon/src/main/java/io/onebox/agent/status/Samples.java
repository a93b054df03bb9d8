package io.onebox.agent.status;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The last quarter of an hour, a sample a second; less on a server with more than ten clients, whose samples are
/// larger.
/// May be used from any thread.
public final class Samples {

    /// How often a sample is taken.
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /// How many are kept at the most.
    public static final int CAPACITY = 15 * 60;

    /// How many sessions may be in all samples kept: each takes half a kilobyte.
    private static final int MOST_SESSIONS = 10 * CAPACITY;

    /// As many as rates need.
    private static final int LEAST = 5;

    private final Deque<Sample> samples = new ArrayDeque<>();

    /// Adds a sample; the oldest makes room.
    public synchronized void add(Sample sample) {
        int most = Math.clamp(MOST_SESSIONS / Math.max(1, sample.sessions().size()), LEAST, CAPACITY);
        while (samples.size() >= most) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    /// The newest sample.
    public synchronized Optional<Sample> latest() {
        return Optional.ofNullable(samples.peekLast());
    }

    /// The newest sample that is at least `age` older than `now`; the oldest of all if none is that old.
    public synchronized Optional<Sample> before(Sample now, Duration age) {
        Sample found = null;
        for (Sample sample : samples) {
            if (sample.nowNs() < now.nowNs() && (found == null || now.nowNs() - sample.nowNs() >= age.toNanos())) {
                found = sample;
            }
        }
        return Optional.ofNullable(found);
    }

    /// The samples not older than `age`, oldest first.
    public synchronized List<Sample> last(Duration age) {
        Sample newest = samples.peekLast();
        if (newest == null) {
            return List.of();
        }
        return samples.stream()
                .filter(sample -> newest.nowNs() - sample.nowNs() <= age.toNanos())
                .toList();
    }
}
