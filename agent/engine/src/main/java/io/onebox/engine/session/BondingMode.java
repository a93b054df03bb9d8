package io.onebox.engine.session;

/// How the paths of a session share the load.
public enum BondingMode {
    /// All paths together: the sum of their capacities.
    AGGREGATE,
    /// Every packet on the two best paths.
    REDUNDANT,
    /// The cheapest tier of links until it is full, then the next.
    COST_AWARE
}
