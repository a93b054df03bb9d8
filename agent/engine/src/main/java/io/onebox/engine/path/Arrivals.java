package io.onebox.engine.path;

/// How messages arrive on a path: their one-way delay, smoothed, and its jitter. Kept by the receiver.
public final class Arrivals {

    /// Gain of the smoothed delay: protocol.md, 3.
    private static final int DELAY_GAIN = 16;

    /// Gain of the jitter: RFC 3550, section 6.4.1.
    private static final int JITTER_GAIN = 16;

    /// A delay has to stand this long to be waited for: a burst of a path that searches its rate shall not
    /// raise the round trip of the flow inside, or Cubic leaves slow start. A guess.
    private static final long STANDING_WINDOW_NS = 200_000_000;

    /// A path without a sign of life for this long carries nothing: two and a half idle probes.
    private static final long SILENT_NS = 2_500_000_000L;

    /// Longer than any pause between two messages of a path that carries bulk packets; a guess.
    private static final long QUIET_NS = 20_000_000;

    private WindowedMin standing = new WindowedMin(STANDING_WINDOW_NS);
    private long oneWayNs;
    private long lastOneWayNs;
    private long jitterNs;
    private boolean known;
    private boolean bonded;
    private long lastNs = Long.MIN_VALUE / 2;

    /// Takes in the one-way delay of a message, plus the distance of the clocks.
    public void onOneWay(long newestNs, long nowNs) {
        standing.add(newestNs, nowNs);
        if (!known) {
            known = true;
            oneWayNs = newestNs;
            lastOneWayNs = newestNs;
            return;
        }
        oneWayNs += (newestNs - oneWayNs) / DELAY_GAIN;
        jitterNs += (Math.abs(newestNs - lastOneWayNs) - jitterNs) / JITTER_GAIN;
        lastOneWayNs = newestNs;
    }

    /// Notes that any message arrived.
    public void onMessage(long nowNs) {
        lastNs = nowNs;
    }

    /// Whether nothing arrived for so long that something should have, if data flows.
    public boolean isQuiet(long nowNs) {
        return nowNs - lastNs > QUIET_NS;
    }

    /// Notes whether the peer spreads bulk packets over this path.
    public void bonded(boolean bonded) {
        this.bonded = bonded;
    }

    /// Whether bulk packets are to be expected here: the peer says so, and has not been silent since.
    public boolean isBonded(long nowNs) {
        return bonded && known && nowNs - lastNs < SILENT_NS;
    }

    /// Whether a delay is known.
    public boolean isKnown() {
        return known;
    }

    /// The least one-way delay of the last instants: what a packet has to wait in any case, without the
    /// bursts that pass.
    public long standingNs(long nowNs) {
        long least = standing.min(nowNs);
        return least == WindowedMin.NONE ? oneWayNs : least;
    }

    /// Smoothed one-way delay, plus the distance of the clocks: comparable within a session.
    public long oneWayNs() {
        return oneWayNs;
    }

    /// Interarrival jitter.
    public long jitterNs() {
        return jitterNs;
    }

    /// When anything arrived last.
    public long lastNs() {
        return lastNs;
    }

    /// Forgets the delays: the peer began a new life, with another clock.
    public void restart() {
        known = false;
        standing = new WindowedMin(STANDING_WINDOW_NS);
        jitterNs = 0;
    }
}
