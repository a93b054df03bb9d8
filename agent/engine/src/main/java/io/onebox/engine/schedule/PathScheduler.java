package io.onebox.engine.schedule;

import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;
import org.jspecify.annotations.Nullable;

/// Chooses the path of an inner packet. Must not allocate, and does not change paths.
@FunctionalInterface
public interface PathScheduler {

    /// Returns the path for a packet of `length` bytes, or `null` if none may carry it now.
    @Nullable
    Path select(Paths paths, int length, long nowNs);
}
