package io.onebox.engine.session;

import io.onebox.engine.path.Path;

/// How much may be spent on second copies of sparse packets: a little of the path that carries them.
final class DuplicationBudget {

    /// Share of the second path's capacity: protocol.md, 2; a guess.
    private static final double SHARE = 0.02;

    /// Least budget, so that a ping is doubled even over a path of unknown capacity: 64 kbit/s, a guess.
    private static final long LEAST_BYTES_PER_SECOND = 8_000;

    /// What may be saved up: half a second; a guess.
    private static final long SAVED_NS = 500_000_000;

    private static final double NS_PER_SECOND = 1e9;

    private double bytes;
    private long lastNs;

    /// Whether a copy of `length` bytes may go over `path`, in which case it is paid for. Metered paths
    /// carry none.
    boolean allows(Path path, int length, long nowNs) {
        if (path.use().isMetered()) {
            return false;
        }
        double rate = Math.max(LEAST_BYTES_PER_SECOND, SHARE * path.capacity());
        bytes = Math.min(rate * SAVED_NS / NS_PER_SECOND, bytes + rate * (nowNs - lastNs) / NS_PER_SECOND);
        lastNs = nowNs;
        if (bytes < length) {
            return false;
        }
        bytes -= length;
        return true;
    }
}
