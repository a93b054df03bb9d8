package io.onebox.simulator.link;

/// What else a link does to packets, each with a probability per packet.
///
/// @param duplication a packet arrives twice
/// @param corruption a packet arrives with changed content
/// @param reordering a packet is late by `reorderByNs` and overtaken by those behind it
public record Faults(double duplication, double corruption, double reordering, long reorderByNs) {

    /// None of it.
    public static final Faults NONE = new Faults(0, 0, 0, 0);

    public Faults {
        Probability.check(duplication);
        Probability.check(corruption);
        Probability.check(reordering);
        if (reorderByNs < 0) {
            throw new IllegalArgumentException("a packet cannot be early: " + reorderByNs);
        }
    }
}
