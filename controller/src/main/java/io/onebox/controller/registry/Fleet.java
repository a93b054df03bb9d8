package io.onebox.controller.registry;

import io.onebox.controller.registry.FleetRefusal.Code;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All agents and which client belongs to which server: an immutable snapshot, replaced as a whole, so that every
/// reader sees one consistent state. Every decision about it is here.
///
/// @param networks from which addresses are assigned
/// @param nodes by id
/// @param assignments server by client, by id
/// @param leaving the server that a client uses until it has proved that its new one works, by id of the client
public record Fleet(
        List<Prefix> networks, Map<String, Node> nodes, Map<String, String> assignments, Map<String, String> leaving) {

    /// Agents that may wait for approval at once.
    static final int MAX_PENDING = 100;

    /// Links of a client that may have settings. A guess: more than a router has interfaces.
    static final int MAX_LINKS = 32;

    public Fleet {
        networks = List.copyOf(networks);
        nodes = Map.copyOf(nodes);
        assignments = Map.copyOf(assignments);
        leaving = Map.copyOf(leaving);
    }

    /// A fleet without agents.
    public static Fleet empty(List<Prefix> networks) {
        return new Fleet(networks, Map.of(), Map.of(), Map.of());
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

    /// The agent that somebody with this key claims to be.
    public Optional<Node> claimedWith(VerifyKey key) {
        return nodes.values().stream()
                .filter(node -> node.claim()
                        .filter(claim -> claim.identityKey().equals(key))
                        .isPresent())
                .findFirst();
    }

    /// The clients that a server lets in, in the order of their names: its own, and those that leave it.
    public List<Node> clientsOf(String server) {
        return Stream.of(assignments, leaving)
                .flatMap(servers -> servers.entrySet().stream())
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
            case FleetChange.LinkSet(String id, LinkConfig link) -> with(linked(id, link));
            case FleetChange.LinkUnset(String id, String name) -> with(unlinked(id, name));
            case FleetChange.Reverted(String id, Settings settings) -> reverted(id, settings);
            case FleetChange.Resent(String id) -> with(known(id, NodeState.ACTIVE, NodeState.DISABLED));
            case FleetChange.RekeyWanted(String id) -> with(known(id, NodeState.ACTIVE, NodeState.DISABLED));
            case FleetChange.Rekeyed rekeyed -> rekeyed(rekeyed);
            case FleetChange.Claimed(String id, Claim claim) -> claimed(known(id, NodeState.values()), claim);
            case FleetChange.Reclaimed(String id) -> reclaimed(known(id, NodeState.values()));
            case FleetChange.ClaimDropped(String id) -> {
                Node node = known(id, NodeState.values());
                claimOf(node);
                yield with(node.claimed(Optional.empty()));
            }
            case FleetChange.Assigned(String client, String server) -> assigned(client, server);
            case FleetChange.Moved(String client, String server) -> moved(client, server);
            case FleetChange.Unassigned(String client) -> unassigned(client);
        };
    }

    private Fleet enrolled(Node node) {
        if (nodes.containsKey(node.id()) || node(node.identityKey()).isPresent()) {
            throw new FleetRefusal(Code.WRONG_STATE, "this agent is known already");
        }
        refuseTakenName(node.id(), node.name());
        if (node.state() == NodeState.PENDING) {
            refuseCrowd();
        }
        // Who takes another name does not claim the first one any more.
        Fleet rest = claimedWith(node.identityKey())
                .map(other -> with(other.claimed(Optional.empty())))
                .orElse(this);
        return node.isActive() ? rest.activated(node) : rest.with(node);
    }

    private void refuseCrowd() {
        long waiting = nodes.values().stream()
                .filter(node ->
                        node.state() == NodeState.PENDING || node.claim().isPresent())
                .count();
        if (waiting >= MAX_PENDING) {
            throw new FleetRefusal(Code.TOO_MANY_PENDING, MAX_PENDING + " agents wait for approval already");
        }
    }

    private Fleet claimed(Node node, Claim claim) {
        if (node(claim.identityKey()).isPresent()
                || claimedWith(claim.identityKey()).isPresent()) {
            throw new FleetRefusal(Code.WRONG_STATE, "this agent is known already");
        }
        if (node.claim().isEmpty()) {
            refuseCrowd();
        }
        return with(node.claimed(Optional.of(claim)));
    }

    /// Whose agent was revoked, or never approved, is let in by this: somebody has looked at the new keys.
    private Fleet reclaimed(Node node) {
        Node next = node.taken(claimOf(node));
        return switch (node.state()) {
            case ACTIVE, DISABLED -> with(next);
            case PENDING, REVOKED -> activated(next.in(NodeState.ACTIVE));
        };
    }

    private static Claim claimOf(Node node) {
        return node.claim().orElseThrow(() -> new FleetRefusal(Code.WRONG_STATE, "nobody claims to be " + node.name()));
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
        return new Fleet(networks, next.nodes, assigned, leaving);
    }

    private Node edited(String id, String name, List<String> endpoints) {
        Node node = known(id, NodeState.values());
        refuseTakenName(id, name);
        if (node.role() == AgentRole.CLIENT && !endpoints.isEmpty()) {
            throw new FleetRefusal(Code.WRONG_ROLE, node.name() + " is a client; only servers have endpoints");
        }
        return node.named(name, endpoints);
    }

    private Node linked(String id, LinkConfig link) {
        Node node = known(id, NodeState.values());
        refuseOtherRole(node, AgentRole.CLIENT);
        List<LinkConfig> next = new ArrayList<>(others(node, link.interfaceName()));
        next.add(link);
        if (next.size() > MAX_LINKS) {
            throw new FleetRefusal(Code.TOO_MANY_LINKS, node.name() + " has settings for " + MAX_LINKS + " links");
        }
        next.sort(Comparator.comparing(LinkConfig::interfaceName));
        return node.linked(next);
    }

    private Node unlinked(String id, String interfaceName) {
        Node node = known(id, NodeState.values());
        List<LinkConfig> next = others(node, interfaceName);
        if (next.size() == node.links().size()) {
            throw new FleetRefusal(Code.NOT_FOUND, node.name() + " has no settings for '" + interfaceName + "'");
        }
        return node.linked(next);
    }

    private static List<LinkConfig> others(Node node, String interfaceName) {
        return node.links().stream()
                .filter(link -> !link.interfaceName().equals(interfaceName))
                .toList();
    }

    private Fleet reverted(String id, Settings settings) {
        Fleet next = with(edited(id, settings.name(), settings.endpoints()).linked(settings.links()));
        if (settings.server().isPresent()) {
            next = next.assigned(id, settings.server().get());
        } else if (assignments.containsKey(id)) {
            next = next.unassigned(id);
        }
        if (next.equals(this)) {
            throw new FleetRefusal(
                    Code.WRONG_STATE,
                    settings.name() + " has the name, the endpoints, the server and the links of that revision;"
                            + " what differs comes from others");
        }
        return next;
    }

    private Fleet rekeyed(FleetChange.Rekeyed change) {
        Node node = known(change.id(), NodeState.ACTIVE, NodeState.DISABLED);
        if (node(change.identityKey()).isPresent()
                || claimedWith(change.identityKey()).isPresent()) {
            throw new FleetRefusal(Code.WRONG_STATE, "the new key of " + node.name() + " is not new");
        }
        return with(node.with(change.identityKey(), change.tunnelKey()));
    }

    private Fleet assigned(String client, String server) {
        refuseOtherRole(known(client, NodeState.values()), AgentRole.CLIENT);
        refuseOtherRole(known(server, NodeState.values()), AgentRole.SERVER);
        Map<String, String> next = new HashMap<>(assignments);
        String before = next.put(client, server);
        Map<String, String> left = new HashMap<>(leaving);
        if (before != null) {
            left.putIfAbsent(client, before);
        }
        left.remove(client, server);
        return new Fleet(networks, nodes, next, left);
    }

    /// A client uses a server, which may be one that it is to leave meanwhile.
    private Fleet moved(String client, String server) {
        known(client, NodeState.values());
        Map<String, String> left = new HashMap<>(leaving);
        if (server.equals(assignments.get(client))) {
            left.remove(client);
        } else if (assignments.containsKey(client)
                && node(server).filter(node -> node.role() == AgentRole.SERVER).isPresent()) {
            left.put(client, server);
        }
        return new Fleet(networks, nodes, assignments, left);
    }

    private Fleet unassigned(String client) {
        Node node = known(client, NodeState.values());
        if (!assignments.containsKey(client)) {
            throw new FleetRefusal(Code.NOT_FOUND, node.name() + " is assigned to no server");
        }
        return new Fleet(networks, nodes, rest(assignments, client), rest(leaving, client));
    }

    private Fleet with(Node node) {
        Map<String, Node> next = new HashMap<>(nodes);
        next.put(node.id(), node);
        return new Fleet(networks, next, assignments, leaving);
    }

    private Fleet without(Node node) {
        Map<String, Node> next = new HashMap<>(nodes);
        next.remove(node.id());
        return new Fleet(networks, next, rest(assignments, node.id()), rest(leaving, node.id()));
    }

    /// Servers by client, without an agent.
    private static Map<String, String> rest(Map<String, String> servers, String id) {
        Map<String, String> others = new HashMap<>(servers);
        others.entrySet()
                .removeIf(entry -> entry.getKey().equals(id) || entry.getValue().equals(id));
        return others;
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
