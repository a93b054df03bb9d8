package io.onebox.engine.path;

/// How long messages wait in front of a path's bottleneck, seen by its sender through the one-way delays
/// the peer reports. The clocks need not agree: only differences count.
public final class QueueDelay {

    /// How long the delay of the empty path is remembered: protocol.md, 2.
    private static final long BASE_WINDOW_NS = 15_000_000_000L;

    /// A queue has to stand this long to be one: plain jitter must not starve a link (protocol.md 2,
    /// lesson 3).
    private static final long STANDING_WINDOW_NS = 100_000_000;

    /// How far the delay strays, in mean steps between two reports. Twice the deviation of a delay that forgets in
    /// 100 ms and is reported each 10 ms (Ornstein-Uhlenbeck); found with the simulator among 0, 2, 4 and 6.
    private static final int NOISES = 6;

    private static final int NOISE_GAIN = 64;

    /// More is no noise. A guess.
    private static final long MAX_NOISE_NS = 30_000_000;

    private WindowedMin base = new WindowedMin(BASE_WINDOW_NS);
    private WindowedMin recent = new WindowedMin(STANDING_WINDOW_NS);
    private long oneWayNs;
    private long noiseNs;
    private long baseNs;
    private long latestNs;
    private boolean known;

    /// Takes in the least one-way delay of a report, plus the constant distance of the clocks.
    public void onSample(long leastOneWayNs, long nowNs) {
        base.add(leastOneWayNs, nowNs);
        recent.add(leastOneWayNs, nowNs);
        baseNs = base.min(nowNs);
        if (known) {
            long stepNs = Math.min(Math.abs(leastOneWayNs - latestNs), MAX_NOISE_NS / NOISES);
            noiseNs += (NOISES * stepNs - noiseNs) / NOISE_GAIN;
        }
        latestNs = leastOneWayNs;
        oneWayNs = recent.min(nowNs);
        known = true;
    }

    /// Forgets everything: the peer has another clock.
    public void restart() {
        base = new WindowedMin(BASE_WINDOW_NS);
        recent = new WindowedMin(STANDING_WINDOW_NS);
        known = false;
        noiseNs = 0;
        oneWayNs = 0;
        baseNs = 0;
        latestNs = 0;
    }

    /// Whether anything was reported yet.
    public boolean isKnown() {
        return known;
    }

    /// One-way delay, plus the distance of the clocks: comparable between the paths of a session.
    public long oneWayNs() {
        return oneWayNs;
    }

    /// The part of the delay in the newest report that is queue or jitter.
    public long latestQueueNs() {
        return latestNs - baseNs;
    }

    /// How far the delay strays without a queue.
    public long noiseNs() {
        return noiseNs;
    }

    /// The part of the delay that is a standing queue.
    public long queueNs() {
        return oneWayNs - baseNs;
    }
}
