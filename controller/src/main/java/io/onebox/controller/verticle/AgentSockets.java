package io.onebox.controller.verticle;

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

    private final Vertx vertx;
    private final Map<String, AgentSocket> sockets = new ConcurrentHashMap<>();

    public AgentSockets(Vertx vertx) {
        this.vertx = vertx;
    }

    /// What the sockets of this node use.
    public AgentSocket.Shared shared(
            ControllerKeys keys, Database database, FleetStore store, ConfigRevisions revisions) {
        return new AgentSocket.Shared(keys, database, store, revisions, this);
    }

    /// Whether an agent is connected.
    public boolean isConnected(String id) {
        return sockets.containsKey(id);
    }

    /// Wakes the connections of these agents: something of theirs has changed in the database.
    public void wake(Set<String> ids) {
        ids.stream().filter(sockets::containsKey).forEach(id -> vertx.eventBus().publish(address(id), id));
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

    void leave(String id, AgentSocket socket) {
        sockets.remove(id, socket);
    }
}
