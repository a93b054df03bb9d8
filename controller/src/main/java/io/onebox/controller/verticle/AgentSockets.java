package io.onebox.controller.verticle;

import io.onebox.controller.auth.Accounts;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.store.Database;
import io.onebox.controller.trust.ControllerKeys;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The agents connected to this node, one connection each. May be used from any thread.
public final class AgentSockets {

    /// Says in a mailbox: something has changed in the database.
    private static final String CHANGED = "changed";

    /// For mail that never leaves this node.
    static final DeliveryOptions HERE = new DeliveryOptions().setLocalOnly(true);

    /// Says in a mailbox: somebody watches.
    static final String WATCH = "watch";

    private final Vertx vertx;
    private final Patience patience;
    private final Connections connections = new Connections();
    private final Twins twins = new Twins();
    private final Map<String, AgentSocket> sockets = new ConcurrentHashMap<>();
    private volatile Consumer<String> notHere = _ -> {};

    public AgentSockets(Vertx vertx, Patience patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    /// What the sockets of this node use.
    public AgentSocket.Shared shared(
            ControllerKeys keys,
            Database database,
            AgentSocket.Stores stores,
            StreamFeed feed,
            ControllerMeters meters) {
        return new AgentSocket.Shared(keys, database, stores, this, feed, meters, connections, patience);
    }

    /// What the streams of this node use.
    public StreamSocket.Shared streams(Accounts accounts, StreamFeed feed, ControllerMeters meters) {
        return new StreamSocket.Shared(accounts, feed, this, meters);
    }

    /// How long this node waits for whom.
    Patience patience() {
        return patience;
    }

    /// The connections to this node.
    Connections connections() {
        return connections;
    }

    /// Whether an agent is connected.
    public boolean isConnected(String id) {
        return sockets.containsKey(id);
    }

    /// Whether two machines connect here with the identity of one agent. Of several nodes, [Peers] knows it.
    public boolean isDuplicate(String id) {
        return twins.areTwo(id);
    }

    /// How many are connected.
    public int count() {
        return sockets.size();
    }

    /// Wakes the connections of these agents: something of theirs has changed in the database.
    public void wake(Set<String> ids) {
        ids.stream().filter(sockets::containsKey).forEach(id -> vertx.eventBus().publish(address(id), CHANGED, HERE));
    }

    /// Is told of an agent that is watched and not connected to this node.
    void whenNotHere(Consumer<String> next) {
        notHere = next;
    }

    /// The agents connected to this node.
    List<String> ids() {
        return List.copyOf(sockets.keySet());
    }

    /// Asks an agent, wherever it is connected, for statistics every second.
    void watch(String id) {
        if (isConnected(id)) {
            watchHere(id);
        } else {
            notHere.accept(id);
        }
    }

    /// Asks an agent, if it is connected to this node.
    void watchHere(String id) {
        vertx.eventBus().publish(address(id), WATCH, HERE);
    }

    /// The mailbox of an agent's connection on this node.
    static String address(String id) {
        return "onebox.agent." + id;
    }

    /// The newest connection of an agent is the one that stays.
    ///
    /// @param start another word with every start of an agent
    /// @return whether it turns out now that two machines have this identity
    boolean enter(String id, String start, AgentSocket socket) {
        AgentSocket before = sockets.put(id, socket);
        if (before != null) {
            before.replace();
        }
        return twins.enter(id, start);
    }

    /// Forgets a connection.
    ///
    /// @return whether it was the agent's until now
    boolean leave(String id, AgentSocket socket) {
        boolean isGone = sockets.remove(id, socket);
        if (isGone) {
            twins.leave(id);
        }
        return isGone;
    }
}
