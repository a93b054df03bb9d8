package io.onebox.simulator.link;

import java.time.Duration;

/// What one direction of a link is like. Immutable: each method returns a changed copy.
///
/// @param mtuBytes largest IP packet; larger ones vanish without a word (an ICMP black hole)
public record LinkShape(Capacity capacity, QueueLimit queue, Delay delay, Loss loss, Faults faults, int mtuBytes) {

    /// No delay, no loss, no limit.
    public static final LinkShape PERFECT = new LinkShape(
            new Capacity.Unlimited(), QueueLimit.NONE, Delay.NONE, Loss.NONE, Faults.NONE, Integer.MAX_VALUE);

    private static final double BYTES_PER_SECOND_PER_MBIT = 125_000;

    /// With this capacity.
    public LinkShape capacity(Capacity changed) {
        return new LinkShape(changed, queue, delay, loss, faults, mtuBytes);
    }

    /// With a constant rate of IP packets.
    public LinkShape megabitsPerSecond(double rate) {
        return capacity(new Capacity.Constant(Math.round(rate * BYTES_PER_SECOND_PER_MBIT)));
    }

    /// With the rate of a recording.
    public LinkShape trace(DeliveryTrace trace) {
        return capacity(new Capacity.Recorded(trace));
    }

    /// With a queue that a packet enters only if it waits no longer than this.
    public LinkShape queue(Duration longestWait) {
        return queue(new QueueLimit(longestWait.toNanos(), queue.bytes()));
    }

    /// With a queue of this many bytes.
    public LinkShape queueBytes(long bytes) {
        return queue(new QueueLimit(queue.waitNs(), bytes));
    }

    private LinkShape queue(QueueLimit changed) {
        return new LinkShape(capacity, changed, delay, loss, faults, mtuBytes);
    }

    /// With this mean one-way delay.
    public LinkShape delay(Duration base) {
        return delay(new Delay(base.toNanos(), delay.jitterNs(), delay.keepsOrder()));
    }

    /// With a delay that strays smoothly up to `stray` from the mean; packets keep their order.
    public LinkShape jitter(Duration stray) {
        return delay(new Delay(delay.baseNs(), stray.toNanos(), true));
    }

    /// With a delay that strays smoothly up to `stray` from the mean; packets overtake each other.
    public LinkShape reorderingJitter(Duration stray) {
        return delay(new Delay(delay.baseNs(), stray.toNanos(), false));
    }

    private LinkShape delay(Delay changed) {
        return new LinkShape(capacity, queue, changed, loss, faults, mtuBytes);
    }

    /// With independent loss.
    public LinkShape loss(double probability) {
        return loss(Loss.independent(probability));
    }

    /// With this loss.
    public LinkShape loss(Loss changed) {
        return new LinkShape(capacity, queue, delay, changed, faults, mtuBytes);
    }

    /// With packets that arrive twice.
    public LinkShape duplication(double probability) {
        return faults(new Faults(probability, faults.corruption(), faults.reordering(), faults.reorderByNs()));
    }

    /// With packets that arrive changed.
    public LinkShape corruption(double probability) {
        return faults(new Faults(faults.duplication(), probability, faults.reordering(), faults.reorderByNs()));
    }

    /// With packets that are late by `lateBy` and overtaken.
    public LinkShape reordering(double probability, Duration lateBy) {
        return faults(new Faults(faults.duplication(), faults.corruption(), probability, lateBy.toNanos()));
    }

    private LinkShape faults(Faults changed) {
        return new LinkShape(capacity, queue, delay, loss, changed, mtuBytes);
    }

    /// With a largest IP packet.
    public LinkShape mtu(int largestBytes) {
        return new LinkShape(capacity, queue, delay, loss, faults, largestBytes);
    }
}
