package io.onebox.engine.session;

import io.onebox.engine.path.Arrivals;
import io.onebox.engine.path.Path;
import io.onebox.engine.path.Paths;

/// When a bulk packet is due, so that all paths look alike: the flow inside sees one constant delay
/// instead of several, and sizes its window for the bond.
///
/// Packet `p` is due at `arrival + max(0, S - o)`, where `o` is its one-way delay and `S` the delay of the
/// slowest path the peer bonds, which rises at once and decays slowly (protocol.md, 3).
final class Playout {

    /// Jitters and time added to the slowest delay: protocol.md, 3.
    private static final int JITTERS = 2;

    private static final long MARGIN_NS = 1_000_000;

    /// Time constant with which the delay is given up. Slow, so that a link whose delay wanders looks like one
    /// that does not: BBR takes the dips for its round trip, HyStart the rises for a queue. Simulated over
    /// 1, 2, 5, 10 and 30 s (2026-11-25): above 5 s, bursts at the start of a flow cost Cubic more than it gains.
    private static final double DECAY_NS = 5e9;

    /// A queue that is gone, rather than a delay that wanders, and how fast it is given up: simulated on a radio
    /// whose rate wanders, docs/decisions/0051.
    private static final long GREAT_NS = 20_000_000;

    private static final double FAST_DECAY_NS = 1e9;

    /// No packet is made to wait longer than this for evenness; as `Eligibility`'s greatest skew.
    private static final long MAX_NS = 250_000_000;

    private long slowestNs = Long.MIN_VALUE;
    private long lastNs;

    /// When a packet that arrived now over `path` is due.
    ///
    /// @param oneWayNs its own one-way delay, plus the distance of the clocks
    long dueNs(Path path, long oneWayNs, Paths paths, long nowNs) {
        long wantedNs = Long.MIN_VALUE;
        int used = 0;
        for (int i = 0; i < paths.count(); i++) {
            Arrivals arrivals = paths.get(i).arrivals();
            if (arrivals.isBonded(nowNs)) {
                used++;
                wantedNs = Math.max(wantedNs, arrivals.standingNs(nowNs) + JITTERS * arrivals.jitterNs() + MARGIN_NS);
            }
        }
        if (used < 2) {
            slowestNs = wantedNs;
            lastNs = nowNs;
            return nowNs;
        }
        if (slowestNs < wantedNs || slowestNs - wantedNs > MAX_NS) {
            slowestNs = wantedNs;
        } else {
            long excessNs = slowestNs - wantedNs;
            double share = Math.min(1, (nowNs - lastNs) / (excessNs > GREAT_NS ? FAST_DECAY_NS : DECAY_NS));
            slowestNs -= (long) (excessNs * share);
        }
        lastNs = nowNs;
        return nowNs + Math.clamp(slowestNs - oneWayNs, 0, MAX_NS);
    }

    /// Forgets the delays: the peer has another clock.
    void restart() {
        slowestNs = Long.MIN_VALUE;
    }
}
