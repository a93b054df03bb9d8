package io.onebox.engine.path;

/// Share of messages lost on a path, smoothed over about 1000 of them, and over one round.
public final class LossEstimator {

    /// Weight of the past when a batch of messages is counted in: a memory of about 1000 messages.
    private static final double MEMORY = 1_000;

    /// A path that loses this much is lossy until it loses less than half of it. A guess: at 1 % a stream of 400
    /// packets a second is hit four times a second.
    private static final double LOSSY = 0.01;

    private double smoothed;
    private boolean lossy;
    private long roundLost;
    private long roundTotal;

    /// Counts in `acknowledged` messages that arrived.
    public void onAcknowledged(int acknowledged) {
        blend(acknowledged, 0);
    }

    /// Counts in `lost` messages that did not.
    public void onLost(int lost) {
        blend(lost, lost);
    }

    /// Lost / sent, `0..1`.
    public double ratio() {
        return smoothed;
    }

    /// Whether it loses so much that a stream suffers.
    public boolean isLossy() {
        return lossy;
    }

    /// Lost / sent since the last call of [#startRound], `0..1`; 0 below 20 messages, which prove nothing.
    public double roundRatio() {
        return roundTotal < 20 ? 0 : (double) roundLost / roundTotal;
    }

    /// Begins to count anew for [#roundRatio].
    public void startRound() {
        roundLost = 0;
        roundTotal = 0;
    }

    private void blend(int total, int lost) {
        double weight = Math.min(1, total / MEMORY);
        smoothed += (total == 0 ? 0 : (double) lost / total - smoothed) * weight;
        lossy = smoothed >= (lossy ? LOSSY / 2 : LOSSY);
        roundTotal += total;
        roundLost += lost;
    }
}
