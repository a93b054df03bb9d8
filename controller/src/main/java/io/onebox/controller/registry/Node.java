package io.onebox.controller.registry;

import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import java.util.List;
import java.util.Optional;

/// An agent as the controller knows it.
///
/// @param id for ever
/// @param identityKey proves who it is
/// @param tunnelKey public key of its data plane, in base64
/// @param name for people, unique
/// @param addresses in the tunnel, as the agent configures them; empty until it is active
/// @param endpoints of a server, `host:port`, best first
/// @param tags by which people group agents
/// @param links of a client, settings that count before those of its own file
/// @param system what it says it runs on
/// @param version what it says of itself
/// @param claim of another machine that says it is this one
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
        List<LinkConfig> links,
        String system,
        String version,
        Optional<Claim> claim) {

    public Node {
        addresses = List.copyOf(addresses);
        endpoints = List.copyOf(endpoints);
        links = List.copyOf(links);
    }

    /// Whether it gets a configuration that carries data.
    public boolean isActive() {
        return state == NodeState.ACTIVE;
    }

    /// The same node in another state.
    public Node in(NodeState next) {
        var copy = new Copy(this);
        copy.state = next;
        return copy.node();
    }

    /// The same node with addresses in the tunnel.
    public Node at(List<Prefix> next) {
        var copy = new Copy(this);
        copy.addresses = next;
        return copy.node();
    }

    /// The same node with other keys.
    public Node with(VerifyKey nextIdentity, String nextTunnel) {
        var copy = new Copy(this);
        copy.identityKey = nextIdentity;
        copy.tunnelKey = nextTunnel;
        return copy.node();
    }

    /// The same node under another name, reached elsewhere.
    public Node named(String nextName, List<String> nextEndpoints) {
        var copy = new Copy(this);
        copy.name = nextName;
        copy.endpoints = nextEndpoints;
        return copy.node();
    }

    /// The same node in other groups.
    public Node tagged(Tags next) {
        var copy = new Copy(this);
        copy.tags = next;
        return copy.node();
    }

    /// The same node with other settings of its links.
    public Node linked(List<LinkConfig> next) {
        var copy = new Copy(this);
        copy.links = next;
        return copy.node();
    }

    /// The same node with a claim to it, or none.
    public Node claimed(Optional<Claim> next) {
        var copy = new Copy(this);
        copy.claim = next;
        return copy.node();
    }

    /// The machine that claims to be this node, in its place.
    Node taken(Claim by) {
        var copy = new Copy(with(by.identityKey(), by.tunnelKey()));
        copy.system = by.system();
        copy.version = by.version();
        copy.claim = Optional.empty();
        return copy.node();
    }

    /// A node in the making: what is not set is as it was.
    private static final class Copy {

        private final Node of;
        private VerifyKey identityKey;
        private String tunnelKey;
        private String name;
        private NodeState state;
        private List<Prefix> addresses;
        private List<String> endpoints;
        private Tags tags;
        private List<LinkConfig> links;
        private String system;
        private String version;
        private Optional<Claim> claim;

        Copy(Node of) {
            this.of = of;
            this.identityKey = of.identityKey;
            this.tunnelKey = of.tunnelKey;
            this.name = of.name;
            this.state = of.state;
            this.addresses = of.addresses;
            this.endpoints = of.endpoints;
            this.tags = of.tags;
            this.links = of.links;
            this.system = of.system;
            this.version = of.version;
            this.claim = of.claim;
        }

        Node node() {
            return new Node(
                    of.id,
                    identityKey,
                    tunnelKey,
                    of.role,
                    name,
                    state,
                    addresses,
                    endpoints,
                    tags,
                    links,
                    system,
                    version,
                    claim);
        }
    }
}
