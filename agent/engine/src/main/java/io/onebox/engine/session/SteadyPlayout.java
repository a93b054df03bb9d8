package io.onebox.engine.session;

import io.onebox.engine.path.Arrivals;
import io.onebox.engine.path.Paths;

/// When a packet of a steady stream is due, so that its late copy looks like its first.
///
/// Packet `p` is due at `arrival + max(0, D - o)`, where `o` is its one-way delay and `D` what a late copy takes over
/// the earliest path, which rises at once and decays slowly. The copies of the later paths come too late for that, and
/// are delivered as they come: waiting for them would cost more than the few packets they save are worth.
final class SteadyPlayout {

    /// Jitters above the standing delay: simulated with 2 and 4, and with the smoothed delay in its place
    /// (docs/decisions/0053).
    private static final int JITTERS = 4;

    /// As in [Playout].
    private static final double DECAY_NS = 5e9;

    /// What a late copy needs more than a first one, and half a millisecond of the sender's timer.
    private static final long LATE_NS = LateCopies.AFTER_NS + 500_000;

    /// A path that was silent for longer carries nothing of a stream; a guess.
    private static final long RECENT_NS = 500_000_000;

    /// No packet is made to wait longer than this for evenness; a guess.
    private static final long MAX_NS = 20_000_000;

    private long targetNs = Long.MIN_VALUE;
    private long lastNs;

    /// When a packet that arrived now is due.
    ///
    /// @param oneWayNs its own one-way delay, plus the distance of the clocks
    long dueNs(long oneWayNs, Paths paths, long nowNs) {
        long wantedNs = Long.MAX_VALUE;
        for (int i = 0; i < paths.count(); i++) {
            Arrivals arrivals = paths.get(i).arrivals();
            if (arrivals.isKnown() && nowNs - arrivals.lastNs() < RECENT_NS) {
                wantedNs = Math.min(wantedNs, arrivals.standingNs(nowNs) + JITTERS * arrivals.jitterNs() + LATE_NS);
            }
        }
        if (wantedNs == Long.MAX_VALUE) {
            return nowNs;
        }
        if (targetNs < wantedNs || targetNs - wantedNs > MAX_NS) {
            targetNs = wantedNs;
        } else {
            targetNs -= (long) ((targetNs - wantedNs) * Math.min(1, (nowNs - lastNs) / DECAY_NS));
        }
        lastNs = nowNs;
        return nowNs + Math.clamp(targetNs - oneWayNs, 0, MAX_NS);
    }

    /// Forgets the delays: the peer has another clock.
    void restart() {
        targetNs = Long.MIN_VALUE;
    }
}
