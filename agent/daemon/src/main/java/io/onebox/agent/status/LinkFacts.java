package io.onebox.agent.status;

import io.onebox.engine.path.LinkSettings;
import org.jspecify.annotations.Nullable;

/// A local interface as the agent uses it, or why it does not.
///
/// @param id the engine's number, or [#NO_ID] if the link is not open
/// @param name of the interface
/// @param address it sends from, or `null`
/// @param mtuBytes of the interface, or 0 if not known
/// @param reasonUnused why it is not open, or `null` if it is
public record LinkFacts(
        int id,
        String name,
        LinkSettings settings,
        @Nullable String address,
        int mtuBytes,
        @Nullable String reasonUnused) {

    /// The number of a link that is not open.
    public static final int NO_ID = -1;

    /// Whether the engine has it.
    public boolean isOpen() {
        return id != NO_ID;
    }
}
