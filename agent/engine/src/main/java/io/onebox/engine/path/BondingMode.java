package io.onebox.engine.path;

/// How the paths of a session share the load. An end whose own wish is [#AGGREGATE], the default, follows the peer's.
public enum BondingMode {
    /// All paths together: the sum of their capacities.
    AGGREGATE,
    /// Every packet on the two best paths; the bond is as fast as the fastest of them.
    REDUNDANT,
    /// As [#AGGREGATE], but a metered link is never better than [LinkRole#SECONDARY].
    COST_AWARE
}
