package io.onebox.engine.path;

/// Smoothed round-trip time and its variation, in nanoseconds.
///
/// Source: RFC 6298, section 2, with gains 1/8 and 1/4. Initial value and floor of the variation are
/// those of RFC 9002, sections 6.2.2 and 6.1.2, because a second is too long for failover.
public final class RttEstimator {

    private static final long NO_SAMPLE = -1;
    private static final long INITIAL_RTT_NS = 333_000_000;
    private static final long GRANULARITY_NS = 1_000_000;

    /// How long the least round trip is remembered, as in BBR (Cardwell et al., ACM Queue 2016).
    private static final long MIN_WINDOW_NS = 10_000_000_000L;

    private final WindowedMin least = new WindowedMin(MIN_WINDOW_NS);
    private long srttNs = NO_SAMPLE;
    private long rttvarNs;
    private long minNs = INITIAL_RTT_NS;

    /// Takes in one measured round trip, peer delay already subtracted.
    public void onSample(long rttNs, long nowNs) {
        long sampleNs = Math.max(rttNs, 1);
        least.add(sampleNs, nowNs);
        minNs = least.min(nowNs);
        if (srttNs == NO_SAMPLE) {
            srttNs = sampleNs;
            rttvarNs = sampleNs / 2;
        } else {
            rttvarNs += (Math.abs(srttNs - sampleNs) - rttvarNs) / 4;
            srttNs += (sampleNs - srttNs) / 8;
        }
    }

    /// Whether a round trip was ever measured.
    public boolean hasSample() {
        return srttNs != NO_SAMPLE;
    }

    /// Smoothed round trip.
    public long srttNs() {
        return hasSample() ? srttNs : INITIAL_RTT_NS;
    }

    /// Variation of the round trip.
    public long rttvarNs() {
        return hasSample() ? rttvarNs : INITIAL_RTT_NS / 2;
    }

    /// Least round trip of the last 10 s in which any was measured.
    public long minNs() {
        return minNs;
    }

    /// After this long without an answer something is wrong.
    public long timeoutNs() {
        return srttNs() + Math.max(4 * rttvarNs(), GRANULARITY_NS);
    }
}
