package io.onebox.shared.config;

import java.util.Locale;

/// How the links of a bond share the load.
public enum BondingMode {
    /// All links together: the sum of their capacities.
    AGGREGATE,
    /// Every packet on the two best links.
    REDUNDANT,
    /// The cheapest tier of links until it is full, then the next.
    COST_AWARE;

    /// The word in configuration files and JSON.
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
