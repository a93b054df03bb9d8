package io.onebox.simulator.traffic;

/// Ends slow start before it overshoots: when round trips grow, or when a train of closely spaced
/// acknowledgements is as long as the least round trip.
///
/// Source: Ha and Rhee, Computer Networks 55(9), 2011, with the constants of Linux
/// (net/ipv4/tcp_cubic.c); written anew.
final class HyStart {

    private static final int LOW_WINDOW = 16;
    private static final int SAMPLES = 8;
    private static final long LEAST_RISE_NS = 4_000_000;
    private static final long MOST_RISE_NS = 16_000_000;
    private static final long TRAIN_SPACING_NS = 2_000_000;

    private long roundEnd;
    private long roundStartNs;
    private long lastAckNs;
    private long leastOfRoundNs;
    private int samples;

    void restart() {
        roundEnd = 0;
    }

    /// Whether slow start should end with this acknowledgement.
    boolean isPast(AckSample sample, double window) {
        if (sample.priorDelivered >= roundEnd) {
            roundEnd = sample.delivered;
            roundStartNs = sample.nowNs;
            lastAckNs = sample.nowNs;
            leastOfRoundNs = Long.MAX_VALUE;
            samples = 0;
        }
        boolean isPast = window >= LOW_WINDOW && (isTrainLong(sample) || isDelayed(sample));
        if (sample.nowNs - lastAckNs <= TRAIN_SPACING_NS) {
            lastAckNs = sample.nowNs;
        }
        return isPast;
    }

    private boolean isTrainLong(AckSample sample) {
        return sample.nowNs - lastAckNs <= TRAIN_SPACING_NS && sample.nowNs - roundStartNs > sample.minRttNs / 2;
    }

    private boolean isDelayed(AckSample sample) {
        if (sample.rttNs == AckSample.NONE) {
            return false;
        }
        leastOfRoundNs = Math.min(leastOfRoundNs, sample.rttNs);
        samples++;
        long riseNs = Math.clamp(sample.minRttNs / 8, LEAST_RISE_NS, MOST_RISE_NS);
        return samples >= SAMPLES && leastOfRoundNs >= sample.minRttNs + riseNs;
    }
}
