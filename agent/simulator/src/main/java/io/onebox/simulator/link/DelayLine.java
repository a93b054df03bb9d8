package io.onebox.simulator.link;

import java.util.random.RandomGenerator;

/// Carries packets from the queue to the other end. The delay strays smoothly around its mean, as
/// radio links and cross traffic make it; jitter that is independent per packet but keeps order would
/// push the mean up.
///
/// Source: an Ornstein-Uhlenbeck process, exact for any step (Gillespie, Phys. Rev. E 54, 1996).
final class DelayLine {

    /// Time in which the delay forgets where it was. A guess: ten frames of LTE.
    private static final double MEMORY_NS = 100e6;

    private static final double DEVIATIONS = 2;

    private double stray;
    private long strayedAtNs;
    private long lastArrivalNs;

    /// When a packet that left the queue at `departureNs` arrives.
    long arrivalNs(Delay delay, long departureNs, RandomGenerator random) {
        long arrivalNs = departureNs + delay.baseNs();
        if (delay.jitterNs() > 0) {
            arrivalNs += Math.max(-delay.baseNs(), Math.round(delay.jitterNs() * nextStray(departureNs, random)));
        }
        if (delay.keepsOrder()) {
            arrivalNs = Math.max(arrivalNs, lastArrivalNs);
            lastArrivalNs = arrivalNs;
        }
        return arrivalNs;
    }

    /// Moves the process on and returns where it is, in `-1..1`.
    private double nextStray(long atNs, RandomGenerator random) {
        double kept = Math.exp((strayedAtNs - atNs) / MEMORY_NS);
        stray = stray * kept + Math.sqrt(1 - kept * kept) * random.nextGaussian() / DEVIATIONS;
        strayedAtNs = atNs;
        return Math.clamp(stray, -1, 1);
    }
}
