package io.onebox.controller.registry;

import io.onebox.controller.registry.FleetRefusal.Code;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All agents and which client belongs to which server: an immutable snapshot, replaced as a whole, so that every
/// reader sees one consistent state. Every decision about it is here.
///
/// @param networks from which addresses are assigned
/// @param nodes by id
/// @param assignments server by client, by id
public record Fleet(List<Prefix> networks, Map<String, Node> nodes, Map<String, String> assignments) {

    /// Agents that may wait for approval at once.
    static final int MAX_PENDING = 100;

    public Fleet {
        networks = List.copyOf(networks);
        nodes = Map.copyOf(nodes);
        assignments = Map.copyOf(assignments);
    }

    /// A fleet without agents.
    public static Fleet empty(List<Prefix> networks) {
        return new Fleet(networks, Map.of(), Map.of());
    }

    /// An agent by its id.
    public Optional<Node> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /// An agent by its key.
    public Optional<Node> node(VerifyKey key) {
        return nodes.values().stream()
                .filter(node -> node.identityKey().equals(key))
                .findFirst();
    }

    /// The clients of a server, in the order of their names.
    public List<Node> clientsOf(String server) {
        return assignments.entrySet().stream()
                .filter(entry -> entry.getValue().equals(server))
                .map(entry -> nodes.get(entry.getKey()))
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /// The server of a client.
    public Optional<Node> serverOf(String client) {
        return Optional.ofNullable(assignments.get(client)).flatMap(this::node);
    }

    /// The fleet after a change.
    ///
    /// @throws FleetRefusal if this fleet does not allow it
    public Fleet apply(FleetChange change) {
        return switch (change) {
            case FleetChange.Enrolled(Node node) -> enrolled(node);
            case FleetChange.Approved(String id) ->
                activated(known(id, NodeState.PENDING).in(NodeState.ACTIVE));
            case FleetChange.Disabled(String id) ->
                with(known(id, NodeState.ACTIVE).in(NodeState.DISABLED));
            case FleetChange.Enabled(String id) ->
                with(known(id, NodeState.DISABLED).in(NodeState.ACTIVE));
            case FleetChange.Revoked(String id) ->
                with(known(id, NodeState.PENDING, NodeState.ACTIVE, NodeState.DISABLED)
                        .in(NodeState.REVOKED));
            case FleetChange.Deleted(String id) -> without(known(id, NodeState.PENDING, NodeState.REVOKED));
            case FleetChange.Edited(String id, String name, List<String> endpoints, Tags tags) ->
                with(edited(id, name, endpoints).tagged(tags));
            case FleetChange.Reverted reverted -> reverted(reverted);
            case FleetChange.RekeyWanted(String id) -> with(known(id, NodeState.ACTIVE, NodeState.DISABLED));
            case FleetChange.Rekeyed rekeyed -> rekeyed(rekeyed);
            case FleetChange.Assigned(String client, String server) -> assigned(client, server);
            case FleetChange.Unassigned(String client) -> unassigned(client);
        };
    }

    private Fleet enrolled(Node node) {
        if (nodes.containsKey(node.id()) || node(node.identityKey()).isPresent()) {
            throw new FleetRefusal(Code.WRONG_STATE, "this agent is known already");
        }
        refuseTakenName(node.id(), node.name());
        long pending = nodes.values().stream()
                .filter(other -> other.state() == NodeState.PENDING)
                .count();
        if (node.state() == NodeState.PENDING && pending >= MAX_PENDING) {
            throw new FleetRefusal(Code.TOO_MANY_PENDING, MAX_PENDING + " agents wait for approval already");
        }
        return node.isActive() ? activated(node) : with(node);
    }

    /// Gives an agent what it needs to take part: addresses, and a server if there is exactly one to choose.
    private Fleet activated(Node node) {
        List<Prefix> addresses =
                node.addresses().isEmpty() ? new AddressPool(networks).free(nodes.values()) : node.addresses();
        Fleet next = with(node.at(addresses));
        List<Node> servers = next.nodes.values().stream()
                .filter(Node::isActive)
                .filter(other -> other.role() == AgentRole.SERVER)
                .toList();
        if (servers.size() != 1) {
            return next;
        }
        Map<String, String> assigned = new HashMap<>(next.assignments);
        next.nodes.values().stream()
                .filter(Node::isActive)
                .filter(other -> other.role() == AgentRole.CLIENT)
                .forEach(client ->
                        assigned.putIfAbsent(client.id(), servers.getFirst().id()));
        return new Fleet(networks, next.nodes, assigned);
    }

    private Node edited(String id, String name, List<String> endpoints) {
        Node node = known(id, NodeState.values());
        refuseTakenName(id, name);
        if (node.role() == AgentRole.CLIENT && !endpoints.isEmpty()) {
            throw new FleetRefusal(Code.WRONG_ROLE, node.name() + " is a client; only servers have endpoints");
        }
        return node.named(name, endpoints);
    }

    private Fleet reverted(FleetChange.Reverted change) {
        String id = change.id();
        Fleet next = with(edited(id, change.name(), change.endpoints()));
        if (change.server().isPresent()) {
            next = next.assigned(id, change.server().get());
        } else if (assignments.containsKey(id)) {
            next = next.unassigned(id);
        }
        if (next.equals(this)) {
            throw new FleetRefusal(
                    Code.WRONG_STATE,
                    change.name() + " has the name, the endpoints and the server of that revision;"
                            + " what differs comes from others");
        }
        return next;
    }

    private Fleet rekeyed(FleetChange.Rekeyed change) {
        Node node = known(change.id(), NodeState.ACTIVE, NodeState.DISABLED);
        if (node(change.identityKey()).isPresent()) {
            throw new FleetRefusal(Code.WRONG_STATE, "the new key of " + node.name() + " is not new");
        }
        return with(node.with(change.identityKey(), change.tunnelKey()));
    }

    private Fleet assigned(String client, String server) {
        refuseOtherRole(known(client, NodeState.values()), AgentRole.CLIENT);
        refuseOtherRole(known(server, NodeState.values()), AgentRole.SERVER);
        Map<String, String> next = new HashMap<>(assignments);
        next.put(client, server);
        return new Fleet(networks, nodes, next);
    }

    private Fleet unassigned(String client) {
        Node node = known(client, NodeState.values());
        Map<String, String> next = new HashMap<>(assignments);
        if (next.remove(client) == null) {
            throw new FleetRefusal(Code.NOT_FOUND, node.name() + " is assigned to no server");
        }
        return new Fleet(networks, nodes, next);
    }

    private Fleet with(Node node) {
        Map<String, Node> next = new HashMap<>(nodes);
        next.put(node.id(), node);
        return new Fleet(networks, next, assignments);
    }

    private Fleet without(Node node) {
        Map<String, Node> next = new HashMap<>(nodes);
        next.remove(node.id());
        Map<String, String> others = new HashMap<>(assignments);
        others.entrySet()
                .removeIf(entry ->
                        entry.getKey().equals(node.id()) || entry.getValue().equals(node.id()));
        return new Fleet(networks, next, others);
    }

    private Node known(String id, NodeState... allowed) {
        Node node = nodes.get(id);
        if (node == null) {
            throw new FleetRefusal(Code.NOT_FOUND, "there is no agent '" + id + "'");
        }
        List<NodeState> states = new ArrayList<>(List.of(allowed));
        if (!states.contains(node.state())) {
            throw new FleetRefusal(
                    Code.WRONG_STATE, node.name() + " is " + node.state().spelling());
        }
        return node;
    }

    private static void refuseOtherRole(Node node, AgentRole role) {
        if (node.role() != role) {
            throw new FleetRefusal(Code.WRONG_ROLE, node.name() + " is not a " + role.spelling());
        }
    }

    private void refuseTakenName(String id, String name) {
        nodes.values().stream()
                .filter(other -> other.name().equals(name) && !other.id().equals(id))
                .findFirst()
                .ifPresent(other -> {
                    throw new FleetRefusal(Code.NAME_CONFLICT, "the name '" + name + "' belongs to another agent");
                });
    }
}
