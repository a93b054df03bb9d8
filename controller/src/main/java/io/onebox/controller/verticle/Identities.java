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
import java.util.function.Predicate;

/// Who an agent is, by the key it has or the one it had until lately, and how it gets others. Blocks.
///
/// ```
/// somebody asks → rekey → agent makes keys → rekey → one transaction → rekeyed, configurations with the new key
/// ```
public record Identities(Database database, FleetStore fleet, ControllerKeys keys, InstantSource clock) {

    /// Undoes a change that nobody asked for.
    private static final class UnaskedException extends RuntimeException {}

    /// Who says hello.
    sealed interface Who {
        /// The agent.
        ///
        /// @param key with which it proved that it is
        record Agent(Node node, VerifyKey key) implements Who {}

        /// Somebody who says he is this agent and waits to be believed.
        record Claimant(String name) implements Who {}

        /// Nobody we know, or nobody any more.
        record Nobody() implements Who {}
    }

    /// Who says hello, as far as he proves it. Another node may have heard of him first.
    ///
    /// @param nonce of the controller
    Who prove(AgentMessage.Hello hello, Bytes nonce, Bytes agentNonce) {
        Optional<Node> node = fleet.fleet().node(hello.agentId());
        if (node.isEmpty() || !isSigned(hello, node.get().identityKey(), nonce, agentNonce)) {
            node = fleet.refresh().node(hello.agentId());
        }
        if (node.isEmpty()) {
            return new Who.Nobody();
        }
        Node known = node.get();
        Predicate<VerifyKey> isSigned = key -> isSigned(hello, key, nonce, agentNonce);
        Optional<VerifyKey> key = Optional.of(known.identityKey())
                .filter(isSigned)
                .or(() -> earlier(known.id()).stream().filter(isSigned).findFirst());
        if (key.isPresent() && known.state() != NodeState.REVOKED) {
            return new Who.Agent(known, key.get());
        }
        boolean isClaimed = known.claim()
                .filter(claim -> isSigned.test(claim.identityKey()))
                .isPresent();
        return isClaimed ? new Who.Claimant(known.name()) : new Who.Nobody();
    }

    /// Whether a key is one of the agent's, or was until lately. An agent that was forgotten has any key.
    boolean isOf(Connection connection, String id, Optional<VerifyKey> key) throws SQLException {
        Optional<VerifyKey> now = fleet.fleet().node(id).map(Node::identityKey);
        return now.isEmpty()
                || now.equals(key)
                || key.filter(AgentKeys.earlier(connection, id, clock.instant())::contains)
                        .isPresent();
    }

    private boolean isSigned(AgentMessage.Hello hello, VerifyKey key, Bytes nonce, Bytes agentNonce) {
        return hello.isSignedBy(key, keys.root(), nonce, agentNonce);
    }

    private List<VerifyKey> earlier(String id) {
        return database.transaction(connection -> AgentKeys.earlier(connection, id, clock.instant()));
    }

    /// What an agent is to be told of its keys.
    ///
    /// @param key with which it has connected
    /// @param isNew whether it has just connected, and may have missed what it was told
    List<ControllerMessage> news(Connection connection, String id, Optional<VerifyKey> key, boolean isNew)
            throws SQLException {
        List<ControllerMessage> news = new ArrayList<>();
        if (isNew && fleet.fleet().node(id).map(Node::identityKey).equals(key)) {
            AgentKeys.areUsed(connection, id, clock.instant());
        } else if (isNew && !AgentKeys.earlier(connection, id, clock.instant()).isEmpty()) {
            fleet.fleet().node(id).ifPresent(node -> news.add(new ControllerMessage.Rekeyed(node.identityKey())));
        }
        if (AgentKeys.isWanted(connection, id)) {
            news.add(new ControllerMessage.Rekey());
        }
        return news;
    }

    /// An agent asks for new keys. Not twice in a short time, as others pay for it, too.
    void want(String id, String address) {
        Optional<Node> node = fleet.fleet().node(id).filter(known -> known.state() != NodeState.REVOKED);
        boolean areNew = database.transaction(connection -> AgentKeys.areNew(connection, id, clock.instant()));
        if (node.isPresent() && !areNew) {
            var actor = new Actor("agent:" + node.get().name(), address);
            fleet.change(actor, new FleetChange.RekeyWanted(id), connection -> AgentKeys.want(connection, id));
        }
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
