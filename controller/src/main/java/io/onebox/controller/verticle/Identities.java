package io.onebox.controller.verticle;

import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.FleetRefusal;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AgentKeys;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ControllerMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who an agent is, by the key it has or the one it had until lately, and how it gets others. Blocks.
///
/// ```
/// somebody asks → rekey → agent makes keys → rekey → one transaction → rekeyed, configurations with the new key
/// ```
public record Identities(Database database, FleetStore fleet, ControllerKeys keys, InstantSource clock) {

    /// Undoes a change that nobody asked for.
    private static final class UnaskedException extends RuntimeException {}

    /// The agent that says hello, if it proves that it is the one. Another node may have heard of it first.
    ///
    /// @param nonce of the controller
    Optional<Node> prove(AgentMessage.Hello hello, Bytes nonce, Bytes agentNonce) {
        Optional<Node> node = fleet.fleet().node(hello.agentId());
        if (node.isEmpty() || !isSigned(hello, node.get().identityKey(), nonce, agentNonce)) {
            node = fleet.refresh().node(hello.agentId());
        }
        return node.filter(known -> known.state() != NodeState.REVOKED)
                .filter(known -> isSigned(hello, known.identityKey(), nonce, agentNonce)
                        || earlier(known.id()).stream().anyMatch(key -> isSigned(hello, key, nonce, agentNonce)));
    }

    private boolean isSigned(AgentMessage.Hello hello, VerifyKey key, Bytes nonce, Bytes agentNonce) {
        return hello.isSignedBy(key, keys.root(), nonce, agentNonce);
    }

    private List<VerifyKey> earlier(String id) {
        return database.transaction(connection -> AgentKeys.earlier(connection, id, clock.instant()));
    }

    /// What an agent is to be told of its keys.
    ///
    /// @param isNew whether it has just connected, and may have missed what it was told
    List<ControllerMessage> news(Connection connection, String id, boolean isNew) throws SQLException {
        List<ControllerMessage> news = new ArrayList<>();
        if (isNew && !AgentKeys.earlier(connection, id, clock.instant()).isEmpty()) {
            fleet.fleet().node(id).ifPresent(node -> news.add(new ControllerMessage.Rekeyed(node.identityKey())));
        }
        if (AgentKeys.isWanted(connection, id)) {
            news.add(new ControllerMessage.Rekey());
        }
        return news;
    }

    /// Takes new keys; empty if the agent does not prove them, or nobody asked for them.
    Optional<ControllerMessage> take(String id, AgentMessage.Rekey rekey, String address) {
        Optional<Node> node = fleet.fleet().node(id).filter(known -> rekey.isOf(id, known.identityKey()));
        if (node.isEmpty()) {
            return Optional.empty();
        }
        var actor = new Actor("agent:" + node.get().name(), address);
        var change = new FleetChange.Rekeyed(id, rekey.identityKey(), rekey.tunnelKey());
        try {
            fleet.change(actor, change, connection -> {
                if (!AgentKeys.replace(connection, id, node.get().identityKey(), clock.instant())) {
                    throw new UnaskedException();
                }
            });
            return Optional.of(new ControllerMessage.Rekeyed(rekey.identityKey()));
        } catch (UnaskedException | FleetRefusal _) {
            return Optional.empty();
        }
    }
}
