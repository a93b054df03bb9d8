package io.onebox.controller.registry;

import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import java.util.List;

/// An agent as the controller knows it.
///
/// @param id for ever
/// @param identityKey proves who it is
/// @param tunnelKey public key of its data plane, in base64
/// @param name for people, unique
/// @param addresses in the tunnel, as the agent configures them; empty until it is active
/// @param endpoints of a server, `host:port`, best first
/// @param tags by which people group agents
/// @param system what it says it runs on
/// @param version what it says of itself
public record Node(
        String id,
        VerifyKey identityKey,
        String tunnelKey,
        AgentRole role,
        String name,
        NodeState state,
        List<Prefix> addresses,
        List<String> endpoints,
        Tags tags,
        String system,
        String version) {

    public Node {
        addresses = List.copyOf(addresses);
        endpoints = List.copyOf(endpoints);
    }

    /// Whether it gets a configuration that carries data.
    public boolean isActive() {
        return state == NodeState.ACTIVE;
    }

    /// The same node in another state.
    public Node in(NodeState next) {
        return new Node(id, identityKey, tunnelKey, role, name, next, addresses, endpoints, tags, system, version);
    }

    /// The same node with addresses in the tunnel.
    public Node at(List<Prefix> next) {
        return new Node(id, identityKey, tunnelKey, role, name, state, next, endpoints, tags, system, version);
    }

    /// The same node with other keys.
    public Node with(VerifyKey nextIdentity, String nextTunnel) {
        return new Node(id, nextIdentity, nextTunnel, role, name, state, addresses, endpoints, tags, system, version);
    }

    /// The same node under another name, reached elsewhere.
    public Node named(String nextName, List<String> nextEndpoints) {
        return new Node(
                id, identityKey, tunnelKey, role, nextName, state, addresses, nextEndpoints, tags, system, version);
    }

    /// The same node in other groups.
    public Node tagged(Tags next) {
        return new Node(id, identityKey, tunnelKey, role, name, state, addresses, endpoints, next, system, version);
    }
}
