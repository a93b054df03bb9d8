package io.onebox.simulator.link;

/// The one-way delay behind the queue.
///
/// @param baseNs its mean
/// @param jitterNs how far it strays from the mean, smoothly; never below zero delay
/// @param keepsOrder whether a packet waits for the ones before it
public record Delay(long baseNs, long jitterNs, boolean keepsOrder) {

    /// As fast as light in a short cable.
    public static final Delay NONE = new Delay(0, 0, true);

    public Delay {
        if (baseNs < 0 || jitterNs < 0) {
            throw new IllegalArgumentException("a delay cannot be negative: " + baseNs + ", " + jitterNs);
        }
    }
}
