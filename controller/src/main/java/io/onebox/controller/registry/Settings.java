package io.onebox.controller.registry;

import io.onebox.shared.config.LinkConfig;
import java.util.List;
import java.util.Optional;

/// What of an agent somebody has set, and what a revision can bring back.
///
/// @param server of a client, or empty
/// @param links settings of a client's links
public record Settings(String name, List<String> endpoints, Optional<String> server, List<LinkConfig> links) {

    /// Of a revision of which nobody knows what was set.
    public static final Settings UNKNOWN = new Settings("", List.of(), Optional.empty(), List.of());

    public Settings {
        endpoints = List.copyOf(endpoints);
        links = List.copyOf(links);
    }

    /// Whether somebody knows what was set.
    public boolean isKnown() {
        return !name.isEmpty();
    }

    /// Those of an agent as it is.
    public static Settings of(Fleet fleet, Node node) {
        return new Settings(
                node.name(),
                node.endpoints(),
                Optional.ofNullable(fleet.assignments().get(node.id())),
                node.links());
    }
}
