package io.onebox.controller.registry;

import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.identity.VerifyKey;
import java.util.List;

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

    /// A link of a client is used as these settings say.
    record LinkSet(String id, LinkConfig link) implements FleetChange {}

    /// A link of a client is used as its own file says.
    record LinkUnset(String id, String interfaceName) implements FleetChange {}

    /// An agent has what it had once.
    record Reverted(String id, Settings settings) implements FleetChange {}

    /// An agent is to take its configuration again; the fleet is as it was.
    record Resent(String id) implements FleetChange {}

    /// An agent is to make new keys; until it has, the fleet is as it was.
    record RekeyWanted(String id) implements FleetChange {}

    /// An agent has other keys.
    record Rekeyed(String id, VerifyKey identityKey, String tunnelKey) implements FleetChange {}

    /// A machine with other keys says it is this agent; the newest claim is the one that counts.
    record Claimed(String id, Claim claim) implements FleetChange {}

    /// The machine that claims to be an agent is it from now on; the keys of the one before are worth nothing.
    record Reclaimed(String id) implements FleetChange {}

    /// A claim is not believed.
    record ClaimDropped(String id) implements FleetChange {}

    /// A client belongs to a server, and to no other. One it had before lets it in until it has moved.
    record Assigned(String client, String server) implements FleetChange {}

    /// A client has proved that it reaches a server.
    record Moved(String client, String server) implements FleetChange {}

    /// A client belongs to no server.
    record Unassigned(String client) implements FleetChange {}
}
