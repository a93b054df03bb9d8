package io.onebox.agent.status;

import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Rates between two samples, in bits per second; `null` while there is nothing to compare with.
record Throughput(Optional<Sample> before, Sample now) {

    @Nullable
    Long session(String peer, ToLongFunction<SessionSnapshot> bytes) {
        return rate(
                before.flatMap(sample -> sample.session(peer)).map(bytes::applyAsLong),
                now.session(peer).map(bytes::applyAsLong));
    }

    @Nullable
    Long path(String peer, int pathId, ToLongFunction<PathSnapshot> bytes) {
        return rate(
                before.flatMap(sample -> sample.path(peer, pathId)).map(bytes::applyAsLong),
                now.path(peer, pathId).map(bytes::applyAsLong));
    }

    /// All sessions together.
    @Nullable
    Long total(ToLongFunction<SessionSnapshot> bytes) {
        Long sum = null;
        for (SessionSnapshot session : now.sessions()) {
            Long rate = session(session.peer(), bytes);
            if (rate != null) {
                sum = sum == null ? rate : sum + rate;
            }
        }
        return sum;
    }

    private @Nullable Long rate(Optional<Long> from, Optional<Long> to) {
        long elapsedNs = before.map(sample -> now.nowNs() - sample.nowNs()).orElse(0L);
        if (elapsedNs <= 0 || to.isEmpty()) {
            return null;
        }
        long bytes = to.get() - from.orElse(0L);
        return bytes < 0 ? null : Math.round((double) bytes * Byte.SIZE * TimeUnit.SECONDS.toNanos(1) / elapsedNs);
    }
}
