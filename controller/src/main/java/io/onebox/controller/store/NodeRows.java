package io.onebox.controller.store;

import io.onebox.controller.registry.Claim;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.registry.Tags;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        return new Fleet(
                networks,
                nodes,
                servers(connection, "SELECT client, server FROM assignment"),
                servers(connection, "SELECT client, leaving FROM assignment WHERE leaving <> ''"));
    }

    private static Map<String, String> servers(Connection connection, String select) throws SQLException {
        Map<String, String> servers = new HashMap<>();
        Sql.list(connection, row -> Map.entry(row.getString(1), row.getString(2)), select)
                .forEach(entry -> servers.put(entry.getKey(), entry.getValue()));
        return servers;
    }

    static void put(Connection connection, Node node) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO node (id, identity_key, tunnel_key, role, name, state, addresses, endpoints, tags,"
                        + " links, system, version, claim_identity_key, claim_tunnel_key, claim_system, claim_version)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET identity_key = excluded.identity_key,"
                        + " tunnel_key = excluded.tunnel_key, name = excluded.name, state = excluded.state,"
                        + " addresses = excluded.addresses, endpoints = excluded.endpoints, tags = excluded.tags,"
                        + " links = excluded.links,"
                        + " system = excluded.system, version = excluded.version,"
                        + " claim_identity_key = excluded.claim_identity_key,"
                        + " claim_tunnel_key = excluded.claim_tunnel_key,"
                        + " claim_system = excluded.claim_system, claim_version = excluded.claim_version",
                node.id(),
                node.identityKey().toString(),
                node.tunnelKey(),
                node.role().spelling(),
                node.name(),
                node.state().spelling(),
                node.addresses().stream().map(Prefix::toString).collect(Collectors.joining(SEPARATOR)),
                String.join(SEPARATOR, node.endpoints()),
                String.join(SEPARATOR, node.tags().words()),
                text(node.links()),
                node.system(),
                node.version(),
                node.claim().map(claim -> claim.identityKey().toString()).orElse(""),
                node.claim().map(Claim::tunnelKey).orElse(""),
                node.claim().map(Claim::system).orElse(""),
                node.claim().map(Claim::version).orElse(""));
    }

    static void delete(Connection connection, String id) throws SQLException {
        Sql.update(connection, "DELETE FROM assignment WHERE client = ? OR server = ?", id, id);
        Sql.update(connection, "UPDATE assignment SET leaving = '' WHERE leaving = ?", id);
        Sql.update(connection, "DELETE FROM config_revision WHERE agent = ?", id);
        AgentKeys.forget(connection, id);
        EventLog.forget(connection, id);
        Sql.update(connection, "DELETE FROM pending WHERE agent = ?", id);
        Sql.update(connection, "DELETE FROM waiting_document WHERE agent = ?", id);
        Sql.update(connection, "DELETE FROM node WHERE id = ?", id);
    }

    /// A list as it stands in a column.
    static List<String> split(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(SEPARATOR, -1));
    }

    /// Settings of links as they stand in a column.
    static String text(List<LinkConfig> links) {
        return links.isEmpty()
                ? ""
                : Json.write(
                        Map.of("links", links.stream().map(LinkConfig::json).toList()));
    }

    /// What [#text] wrote.
    static List<LinkConfig> links(String text) {
        return Json.object(text).map(JsonObject::new).map(json -> json.objects("links")).orElse(List.of()).stream()
                .map(LinkConfig::parse)
                .toList();
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
                links(row.getString("links")),
                row.getString("system"),
                row.getString("version"),
                claim(row));
    }

    private static Optional<Claim> claim(ResultSet row) throws SQLException {
        String system = row.getString("claim_system");
        String version = row.getString("claim_version");
        String tunnelKey = row.getString("claim_tunnel_key");
        return VerifyKey.parse(row.getString("claim_identity_key"))
                .map(key -> new Claim(key, tunnelKey, system, version));
    }
}
