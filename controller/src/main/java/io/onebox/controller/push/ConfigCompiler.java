package io.onebox.controller.push;

import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Node;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.json.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What each agent is told, from the fleet alone. A document has the tables and keys of the agent's configuration
/// file, so that the agent reads both with the same rules, and one table more, `control`.
///
/// A server is told of its own clients and of nobody else; nobody is told a private key, for there is none here.
public final class ConfigCompiler {

    /// How long a new configuration may take to prove itself.
    public static final int CONFIRM_SECONDS = 30;

    private static final int DEFAULT_PORT = 51_820;
    private static final int BITS_OF_IPV4 = 32;
    private static final int BITS_OF_IPV6 = 128;

    private ConfigCompiler() {}

    /// The document for an agent; empty while it is told nothing.
    public static Optional<String> compile(Fleet fleet, String id) {
        return fleet.node(id).flatMap(node -> switch (node.state()) {
            case PENDING -> Optional.empty();
            case DISABLED, REVOKED -> Optional.of(idle());
            case ACTIVE -> Optional.of(node.role() == AgentRole.SERVER ? server(fleet, node) : client(fleet, node));
        });
    }

    /// The agents whose documents may differ between two fleets.
    public static Set<String> affected(Fleet before, Fleet after) {
        Set<String> changed = new HashSet<>();
        Set<String> all = new HashSet<>(before.nodes().keySet());
        all.addAll(after.nodes().keySet());
        for (String id : all) {
            boolean isSame = before.node(id).equals(after.node(id));
            boolean isAssignedAlike = Objects.equals(
                            before.assignments().get(id), after.assignments().get(id))
                    && Objects.equals(before.leaving().get(id), after.leaving().get(id));
            if (!isSame || !isAssignedAlike) {
                changed.add(id);
            }
        }
        Set<String> affected = new HashSet<>(changed);
        for (Fleet fleet : List.of(before, after)) {
            for (Map<String, String> servers : List.of(fleet.assignments(), fleet.leaving())) {
                servers.forEach((client, server) -> {
                    if (changed.contains(client) || changed.contains(server)) {
                        affected.add(client);
                        affected.add(server);
                    }
                });
            }
        }
        return affected;
    }

    /// The document of an agent that is to carry nothing.
    private static String idle() {
        return Json.write(control(false));
    }

    /// The document says which of its keys the agent uses, so that it knows when to take the next.
    private static Map<String, @Nullable Object> control(Node node) {
        Map<String, @Nullable Object> json = control(true);
        table(json, "identity", Map.of("public-key", node.tunnelKey()));
        return json;
    }

    private static String client(Fleet fleet, Node node) {
        Optional<Node> server = fleet.serverOf(node.id()).filter(Node::isActive);
        if (server.isEmpty() || server.get().endpoints().isEmpty()) {
            return idle();
        }
        Map<String, @Nullable Object> json = control(node);
        table(json, "server", Map.of("endpoints", server.get().endpoints()))
                .put("public-key", server.get().tunnelKey());
        table(json, "tunnel", Map.of("addresses", alone(node)));
        if (!node.links().isEmpty()) {
            json.put("link", node.links().stream().map(LinkConfig::json).toList());
        }
        return Json.write(json);
    }

    private static String server(Fleet fleet, Node node) {
        Map<String, @Nullable Object> json = control(node);
        table(json, "listen", Map.of("port", port(node)));
        table(
                json,
                "tunnel",
                Map.of(
                        "addresses",
                        node.addresses().stream().map(Prefix::toString).toList()));
        json.put(
                "client",
                fleet.clientsOf(node.id()).stream()
                        .filter(Node::isActive)
                        .map(ConfigCompiler::peer)
                        .toList());
        return Json.write(json);
    }

    private static Map<String, @Nullable Object> peer(Node client) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", client.name());
        json.put("public-key", client.tunnelKey());
        json.put("addresses", alone(client));
        return json;
    }

    /// The addresses of a client by themselves, without the network around them.
    private static List<String> alone(Node client) {
        return client.addresses().stream()
                .map(address -> new Prefix(address.address(), address.isIpv4() ? BITS_OF_IPV4 : BITS_OF_IPV6))
                .map(Prefix::toString)
                .toList();
    }

    /// The port a server listens on: that of its first endpoint.
    private static int port(Node server) {
        return server.endpoints().stream()
                .findFirst()
                .flatMap(HostPort::parse)
                .map(HostPort::port)
                .orElse(DEFAULT_PORT);
    }

    private static Map<String, @Nullable Object> control(boolean isEnabled) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        Map<String, @Nullable Object> control = table(json, "control", Map.of("enabled", isEnabled));
        control.put("confirm-seconds", CONFIRM_SECONDS);
        return json;
    }

    private static Map<String, @Nullable Object> table(
            Map<String, @Nullable Object> json, String name, Map<String, ?> first) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>(first);
        json.put(name, table);
        return table;
    }
}
