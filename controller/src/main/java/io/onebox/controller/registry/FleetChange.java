package io.onebox.controller.registry;

import io.onebox.shared.identity.VerifyKey;
import java.util.List;
import java.util.Optional;

/// What can happen to a fleet.
public sealed interface FleetChange {

    /// Whether others may hear of it a little later: somebody new comes, and nobody who must go at once stays.
    default boolean isPatient() {
        return this instanceof Enrolled || this instanceof Approved;
    }

    /// A new agent, pending or active at once.
    record Enrolled(Node node) implements FleetChange {}

    /// A pending agent may take part.
    record Approved(String id) implements FleetChange {}

    /// An agent carries nothing until it is enabled.
    record Disabled(String id) implements FleetChange {}

    /// A disabled agent takes part again.
    record Enabled(String id) implements FleetChange {}

    /// The key of an agent is not accepted any more.
    record Revoked(String id) implements FleetChange {}

    /// An agent is forgotten; only one that is revoked or pending can be.
    record Deleted(String id) implements FleetChange {}

    /// An agent has another name or other tags, a server other endpoints.
    record Edited(String id, String name, List<String> endpoints, Tags tags) implements FleetChange {
        public Edited {
            endpoints = List.copyOf(endpoints);
        }
    }

    /// An agent has what it had once: name, endpoints, and its server, or none.
    record Reverted(String id, String name, List<String> endpoints, Optional<String> server) implements FleetChange {
        public Reverted {
            endpoints = List.copyOf(endpoints);
        }
    }

    /// An agent is to make new keys; until it has, the fleet is as it was.
    record RekeyWanted(String id) implements FleetChange {}

    /// An agent has other keys.
    record Rekeyed(String id, VerifyKey identityKey, String tunnelKey) implements FleetChange {}

    /// A client belongs to a server, and to no other.
    record Assigned(String client, String server) implements FleetChange {}

    /// A client belongs to no server.
    record Unassigned(String client) implements FleetChange {}
}
