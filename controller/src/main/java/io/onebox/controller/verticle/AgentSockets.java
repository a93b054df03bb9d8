package io.onebox.controller.verticle;

import io.onebox.controller.auth.Accounts;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.trust.ControllerKeys;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The agents connected to this node, one connection each. May be used from any thread.
public final class AgentSockets {

    /// Says in a mailbox: something has changed in the database.
    private static final String CHANGED = "changed";

    /// Says in a mailbox: somebody watches.
    static final String WATCH = "watch";

    private final Vertx vertx;
    private final Connections connections = new Connections();
    private final Map<String, AgentSocket> sockets = new ConcurrentHashMap<>();

    public AgentSockets(Vertx vertx) {
        this.vertx = vertx;
    }

    /// What the sockets of this node use.
    public AgentSocket.Shared shared(
            ControllerKeys keys,
            Database database,
            FleetStore store,
            ConfigRevisions revisions,
            StreamFeed feed,
            ControllerMeters meters) {
        return new AgentSocket.Shared(keys, database, store, revisions, this, feed, meters, connections);
    }

    /// What the streams of this node use.
    public StreamSocket.Shared streams(Accounts accounts, StreamFeed feed, ControllerMeters meters) {
        return new StreamSocket.Shared(accounts, feed, this, meters);
    }

    /// The connections to this node.
    Connections connections() {
        return connections;
    }

    /// Whether an agent is connected.
    public boolean isConnected(String id) {
        return sockets.containsKey(id);
    }

    /// How many are connected.
    public int count() {
        return sockets.size();
    }

    /// Wakes the connections of these agents: something of theirs has changed in the database.
    public void wake(Set<String> ids) {
        ids.stream().filter(sockets::containsKey).forEach(id -> vertx.eventBus().publish(address(id), CHANGED));
    }

    /// Asks an agent, if it is connected, for statistics every second.
    void watch(String id) {
        vertx.eventBus().publish(address(id), WATCH);
    }

    /// The mailbox of an agent's connection on this node.
    static String address(String id) {
        return "onebox.agent." + id;
    }

    void enter(String id, AgentSocket socket) {
        AgentSocket before = sockets.put(id, socket);
        if (before != null) {
            before.replace();
        }
    }

    /// Forgets a connection.
    ///
    /// @return whether it was the agent's until now
    boolean leave(String id, AgentSocket socket) {
        return sockets.remove(id, socket);
    }
}
