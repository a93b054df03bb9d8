package io.onebox.controller.verticle;

/// So many messages a second, and some more at once: a token bucket.
final class MessageRate {

    private final int perSecond;
    private final int burst;
    private double allowance;
    private long countedAtNs = System.nanoTime();

    MessageRate(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.allowance = burst;
    }

    /// Counts a message.
    ///
    /// @return whether it may come
    boolean isWithin() {
        long nowNs = System.nanoTime();
        allowance = Math.min(burst, allowance + (nowNs - countedAtNs) * perSecond / 1e9);
        countedAtNs = nowNs;
        allowance--;
        return allowance >= 0;
    }
}
