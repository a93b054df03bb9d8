package io.onebox.controller.verticle;

import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Node;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import java.time.Duration;
import java.util.Optional;

/// What agents say has become of their configurations. Blocks.
///
/// @param stores what is in the database
record Acknowledgements(Database database, AgentSocket.Stores stores, ControllerMeters meters) {

    /// What is to be done when it is noted.
    ///
    /// @param sinceSent empty if it is not the first answer
    /// @param arrival the server that a client has proved to reach
    private record Noted(Optional<Duration> sinceSent, Optional<String> arrival) {
        static final Noted NOTHING = new Noted(Optional.empty(), Optional.empty());
    }

    /// Notes and counts it, if the agent is this node's. A client that has proved to reach its new server with it has
    /// moved: the server before need not let it in any longer.
    ///
    /// @return whether it has moved
    boolean note(String id, AgentMessage.Ack ack, String address) {
        Noted noted = database.transaction(connection -> {
            if (!stores.presence().holds(connection, id)) {
                return Noted.NOTHING;
            }
            Optional<Duration> sinceSent = stores.revisions().sinceSent(connection, id, ack.revision());
            stores.revisions().note(connection, id, ack.revision(), ack.state(), ack.reason());
            return new Noted(
                    sinceSent,
                    ack.state() == ConfigState.APPLIED
                            ? FleetStore.arrival(connection, id, ack.revision())
                            : Optional.empty());
        });
        meters.acknowledged(ack.state().spelling());
        noted.sinceSent().ifPresent(meters::pushed);
        String name = stores.fleet().fleet().node(id).map(Node::name).orElse(id);
        noted.arrival()
                .ifPresent(server ->
                        stores.fleet().change(new Actor("agent:" + name, address), new FleetChange.Moved(id, server)));
        return noted.arrival().isPresent();
    }
}
