package io.onebox.controller.verticle;

import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Node;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import java.util.Optional;

/// What agents say has become of their configurations. Blocks.
///
/// @param stores what is in the database
record Acknowledgements(Database database, AgentSocket.Stores stores) {

    /// Notes it, if the agent is this node's. A client that has proved to reach its new server with it has moved: the
    /// server before need not let it in any longer.
    ///
    /// @return whether it has moved
    boolean note(String id, AgentMessage.Ack ack, String address) {
        Optional<String> arrival = database.transaction(connection -> {
            if (!stores.presence().holds(connection, id)) {
                return Optional.empty();
            }
            stores.revisions().note(connection, id, ack.revision(), ack.state(), ack.reason());
            return ack.state() == ConfigState.APPLIED
                    ? FleetStore.arrival(connection, id, ack.revision())
                    : Optional.empty();
        });
        String name = stores.fleet().fleet().node(id).map(Node::name).orElse(id);
        arrival.ifPresent(server ->
                stores.fleet().change(new Actor("agent:" + name, address), new FleetChange.Moved(id, server)));
        return arrival.isPresent();
    }
}
