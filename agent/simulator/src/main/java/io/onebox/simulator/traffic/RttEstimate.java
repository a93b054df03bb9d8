package io.onebox.simulator.traffic;

/// Round trips of a TCP sender.
///
/// Source: RFC 6298; the floor of the variation is Linux's 200 ms (TCP_RTO_MIN), and the least round
/// trip its window of 300 s, longer than any of our flows.
final class RttEstimate {

    private static final long MIN_RTO_NS = 200_000_000;
    private static final long MAX_RTO_NS = 120_000_000_000L;
    private static final long FIRST_RTO_NS = 1_000_000_000;

    private long srttNs;
    private long rttvarNs;
    private long minNs = Long.MAX_VALUE;
    private int backoff;

    void onSample(long rttNs) {
        minNs = Math.min(minNs, rttNs);
        backoff = 0;
        if (srttNs == 0) {
            srttNs = rttNs;
            rttvarNs = rttNs / 2;
        } else {
            rttvarNs += (Math.abs(srttNs - rttNs) - rttvarNs) / 4;
            srttNs += (rttNs - srttNs) / 8;
        }
    }

    void onTimeout() {
        backoff++;
    }

    long srttNs() {
        return srttNs;
    }

    /// Least round trip, or 0 before the first.
    long minNs() {
        return minNs == Long.MAX_VALUE ? 0 : minNs;
    }

    long timeoutNs() {
        long rtoNs = srttNs == 0 ? FIRST_RTO_NS : srttNs + Math.max(MIN_RTO_NS, 4 * rttvarNs);
        return Math.min(MAX_RTO_NS, rtoNs << Math.min(backoff, 10));
    }
}
