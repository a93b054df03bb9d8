package io.onebox.controller.store;

import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.registry.Tags;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Nodes as rows.
final class NodeRows {

    static final String SEPARATOR = ",";

    private NodeRows() {}

    /// All of them.
    static Fleet read(Connection connection, List<Prefix> networks) throws SQLException {
        Map<String, Node> nodes = new HashMap<>();
        for (Node node : Sql.list(connection, NodeRows::node, "SELECT * FROM node")) {
            nodes.put(node.id(), node);
        }
        Map<String, String> assignments = new HashMap<>();
        Sql.list(
                        connection,
                        row -> Map.entry(row.getString("client"), row.getString("server")),
                        "SELECT client, server FROM assignment")
                .forEach(entry -> assignments.put(entry.getKey(), entry.getValue()));
        return new Fleet(networks, nodes, assignments);
    }

    static void put(Connection connection, Node node) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO node (id, identity_key, tunnel_key, role, name, state, addresses, endpoints, tags,"
                        + " system, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET identity_key = excluded.identity_key,"
                        + " tunnel_key = excluded.tunnel_key, name = excluded.name, state = excluded.state,"
                        + " addresses = excluded.addresses, endpoints = excluded.endpoints, tags = excluded.tags",
                node.id(),
                node.identityKey().toString(),
                node.tunnelKey(),
                node.role().spelling(),
                node.name(),
                node.state().spelling(),
                node.addresses().stream().map(Prefix::toString).collect(Collectors.joining(SEPARATOR)),
                String.join(SEPARATOR, node.endpoints()),
                String.join(SEPARATOR, node.tags().words()),
                node.system(),
                node.version());
    }

    static void delete(Connection connection, String id) throws SQLException {
        Sql.update(connection, "DELETE FROM assignment WHERE client = ? OR server = ?", id, id);
        Sql.update(connection, "DELETE FROM config_revision WHERE agent = ?", id);
        AgentKeys.forget(connection, id);
        Sql.update(connection, "DELETE FROM node WHERE id = ?", id);
    }

    /// A list as it stands in a column.
    static List<String> split(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(SEPARATOR, -1));
    }

    private static Node node(ResultSet row) throws SQLException {
        return new Node(
                row.getString("id"),
                VerifyKey.parse(row.getString("identity_key")).orElseThrow(),
                row.getString("tunnel_key"),
                AgentRole.parse(row.getString("role")).orElseThrow(),
                row.getString("name"),
                NodeState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                split(row.getString("addresses")).stream()
                        .map(text -> Prefix.parse(text).orElseThrow())
                        .toList(),
                split(row.getString("endpoints")),
                new Tags(split(row.getString("tags"))),
                row.getString("system"),
                row.getString("version"));
    }
}
