package io.onebox.controller.store;

import io.onebox.shared.message.ConfigState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which node has the connection of which agent, where several nodes share a database. The node that claimed an agent
/// last is the one that speaks with it; another that still holds a connection holds a dead one.
///
/// @param node this node
/// @param isShared false for a node alone, which has whatever is connected
public record Presence(String node, boolean isShared) {

    /// A node and how often it has said that it lives.
    public record Beat(String node, long beats) {}

    /// From now on this node speaks with an agent.
    ///
    /// @param start another word with every start of the agent
    /// @return whether this is what shows that two machines have its identity; not known to a node alone
    public boolean claim(Connection connection, String agent, String start) throws SQLException {
        if (!isShared) {
            return false;
        }
        Starts last = Sql.one(
                        connection,
                        Presence::starts,
                        "SELECT start_now, start_before, are_two FROM presence WHERE agent = ?",
                        agent)
                .orElse(Starts.NONE);
        Starts next = last.then(start);
        Sql.update(
                connection,
                "INSERT INTO presence (agent, node, start_now, start_before, are_two) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (agent) DO UPDATE SET node = excluded.node, start_now = excluded.start_now,"
                        + " start_before = excluded.start_before, are_two = excluded.are_two",
                agent,
                node,
                next.now(),
                next.before(),
                next.areTwo() ? 1 : 0);
        return last.areTwoOnlyIn(next);
    }

    private static Starts starts(ResultSet row) throws SQLException {
        return new Starts(row.getString("start_now"), row.getString("start_before"), row.getInt("are_two") != 0);
    }

    /// The agents whose identity two machines have.
    public static Set<String> twins(Connection connection) throws SQLException {
        return Set.copyOf(
                Sql.list(connection, row -> row.getString("agent"), "SELECT agent FROM presence WHERE are_two <> 0"));
    }

    /// Whether it is this node that speaks with an agent. If it is none, it is this one from now on: it was given up
    /// and has come back.
    public boolean holds(Connection connection, String agent) throws SQLException {
        if (!isShared) {
            return true;
        }
        Sql.update(
                connection,
                "INSERT INTO presence (agent, node) VALUES (?, ?) ON CONFLICT (agent) DO NOTHING",
                agent,
                node);
        return Sql.one(connection, row -> row.getString("node"), "SELECT node FROM presence WHERE agent = ?", agent)
                .filter(node::equals)
                .isPresent();
    }

    /// This node has lost its connection to an agent.
    ///
    /// @return whether nobody speaks with it now
    public boolean leave(Connection connection, String agent) throws SQLException {
        return !isShared
                || Sql.update(connection, "DELETE FROM presence WHERE agent = ? AND node = ?", agent, node) > 0;
    }

    /// Says that this node lives.
    ///
    /// @return false if the others had given it up, or it is new
    public boolean beat(Connection connection, String url, String version) throws SQLException {
        boolean isKnown = Sql.update(connection, "UPDATE controller_node SET beats = beats + 1 WHERE id = ?", node) > 0;
        if (!isKnown) {
            Sql.update(
                    connection,
                    "INSERT INTO controller_node (id, url, version, beats) VALUES (?, ?, ?, 1)",
                    node,
                    url,
                    version);
        }
        return isKnown;
    }

    /// The nodes there are.
    public static List<Beat> beats(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                row -> new Beat(row.getString("id"), row.getLong("beats")),
                "SELECT id, beats FROM controller_node");
    }

    /// The node of every agent that has one.
    public static Map<String, String> all(Connection connection) throws SQLException {
        Map<String, String> nodes = new HashMap<>();
        Sql.list(
                        connection,
                        row -> Map.entry(row.getString("agent"), row.getString("node")),
                        "SELECT agent, node FROM presence")
                .forEach(entry -> nodes.put(entry.getKey(), entry.getValue()));
        return nodes;
    }

    /// The agents of this node that wait for something: another node may have made it.
    public List<String> waiting(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                row -> row.getString("agent"),
                "SELECT r.agent FROM config_revision r JOIN presence p ON p.agent = r.agent"
                        + " WHERE r.state = ? AND p.node = ?"
                        + " UNION SELECT k.agent FROM rekey k JOIN presence p ON p.agent = k.agent WHERE p.node = ?",
                ConfigState.PENDING.spelling(),
                node,
                node);
    }

    /// Gives a node up.
    ///
    /// @return the agents it had
    public static List<String> remove(Connection connection, String node) throws SQLException {
        List<String> agents =
                Sql.list(connection, row -> row.getString("agent"), "SELECT agent FROM presence WHERE node = ?", node);
        Sql.update(connection, "DELETE FROM presence WHERE node = ?", node);
        Sql.update(connection, "DELETE FROM controller_node WHERE id = ?", node);
        return agents;
    }
}
