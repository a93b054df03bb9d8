package io.onebox.engine.path;

/// Spreads the messages of a path over time, so that they do not queue in the network.
public final class Pacer {

    /// A message may leave this much before its time: one wake-up then serves several (protocol.md, 2).
    private static final long EARLY_NS = 300_000;

    /// Time that may be caught up after the sender came late: one burst of at most this much of the
    /// path's rate (protocol.md, 2).
    private static final long CATCH_UP_NS = 1_500_000;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private long nextNs;

    /// How long a message has to wait, beyond the time it may leave early; 0 if it may leave now.
    public long waitNs(long nowNs) {
        return Math.max(0, nextNs - nowNs - EARLY_NS);
    }

    /// Time until the messages accounted for have left at the path's rate.
    public long backlogNs(long nowNs) {
        return Math.max(0, nextNs - nowNs);
    }

    /// When to come back: the time of the next message, at which others may leave with it.
    public long readyNs() {
        return nextNs;
    }

    /// Accounts for `bytes` leaving now.
    public void onSend(int bytes, long bytesPerSecond, long nowNs) {
        nextNs = Math.max(nextNs, nowNs - CATCH_UP_NS) + bytes * NS_PER_SECOND / bytesPerSecond;
    }
}
