package io.onebox.engine.path;

/// When a link carries data: a cheaper tier is used until it is full, then the next.
public enum LinkRole {
    /// Carries data whenever it is usable.
    ALWAYS,
    /// Carries what the `always` links cannot.
    SECONDARY,
    /// Carries data only while no better link is usable or all of them are full.
    BACKUP,
    /// Carries probes, never data.
    NEVER
}
