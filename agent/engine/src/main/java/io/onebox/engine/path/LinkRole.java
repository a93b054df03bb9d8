package io.onebox.engine.path;

/// When a link carries data.
public enum LinkRole {
    /// Carries data whenever it is usable.
    ALWAYS,
    /// Carries what the `always` links cannot.
    SECONDARY,
    /// Carries data only while no better link is usable.
    BACKUP,
    /// Carries probes, never data.
    NEVER
}
