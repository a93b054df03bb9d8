package io.onebox.controller.verticle;

import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.store.Presence;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.ControllerMessage;
import io.onebox.shared.message.Decoded;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.MessageCodec;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One agent's WebSocket: greets, waits for the agent to prove itself, then sends what it is to have and notes what
/// becomes of it. Runs on the event loop of its socket; everything that blocks runs on a worker, in order.
public final class AgentSocket {

    private static final Logger log = LoggerFactory.getLogger(AgentSocket.class);

    /// What an agent may say of a configuration.
    private static final Set<ConfigState> OF_AGENTS =
            Set.of(ConfigState.PROVISIONAL, ConfigState.APPLIED, ConfigState.REJECTED, ConfigState.ROLLED_BACK);

    /// How long a connection stands after something failed: agents that come back at once, all of them, would not
    /// make a database better.
    private static final long FAILED_MS = 5_000;

    private static final int RATE = 20;
    private static final int BURST = 200;
    private static final short POLICY_VIOLATION = 1008;
    private static final short TOO_BIG = 1009;

    /// More than this waiting to be sent and the agent is not reading.
    private static final int MAX_QUEUE = 2 * 1024 * 1024;

    private final Vertx vertx;
    private final Shared shared;
    private final ServerWebSocket socket;
    private final String address;
    private final Bytes agentNonce;
    private final Greeting greeting;
    private final long helloTimer;
    private final OutQueue out;
    private final Acknowledgements acknowledgements;
    private final DueMessages due;
    private final InOrder inOrder;
    private final MessageRate rate = new MessageRate(RATE, BURST);
    private boolean isFlooding;
    private boolean hasGreeted;
    private @Nullable String agentId;
    private @Nullable VerifyKey provedKey;
    private @Nullable MessageConsumer<String> mailbox;

    /// What all sockets use.
    public record Shared(
            ControllerKeys keys,
            Database database,
            Stores stores,
            AgentSockets sockets,
            StreamFeed feed,
            ControllerMeters meters,
            Connections connections,
            Patience patience) {}

    /// What is in the database.
    ///
    /// @param moved told when agents have come or gone
    public record Stores(
            FleetStore fleet, Identities identities, ConfigRevisions revisions, Presence presence, Runnable moved) {}

    /// @param address from which the agent comes
    /// @param greeting answers `agentNonce`
    AgentSocket(
            Vertx vertx, Shared shared, ServerWebSocket socket, String address, Bytes agentNonce, Greeting greeting) {
        this.vertx = vertx;
        this.shared = shared;
        this.socket = socket;
        this.inOrder = new InOrder(vertx.getOrCreateContext());
        this.acknowledgements = new Acknowledgements(shared.database(), shared.stores(), shared.meters());
        this.due = new DueMessages(shared.keys(), shared.database(), shared.stores());
        this.out = new OutQueue(socket, MAX_QUEUE, () -> {});
        this.address = address;
        this.agentNonce = agentNonce;
        this.greeting = greeting;
        this.helloTimer =
                vertx.setTimer(shared.patience().beginning().toMillis(), _ -> refuse("too_slow", "no hello in time"));
    }

    void start() {
        socket.textMessageHandler(this::onText);
        socket.binaryMessageHandler(_ -> refuse("malformed", "messages are text"));
        socket.closeHandler(_ -> onClose());
        socket.exceptionHandler(this::onBroken);
        send(new ControllerMessage.Challenge(greeting));
    }

    /// Ends the connection: another took its place.
    void replace() {
        refuse("replaced", "this agent has connected again");
    }

    /// Of a message that is too long, too, which would go on for ever.
    private void onBroken(Throwable failure) {
        log.atDebug().addKeyValue("cause", failure.getMessage()).log("an agent's connection broke");
        if (!socket.isClosed()) {
            socket.close(TOO_BIG);
        }
    }

    private void onText(String text) {
        if (!rate.isWithin()) {
            onFlood();
            return;
        }
        switch (MessageCodec.agent(text)) {
            case Decoded.Malformed<AgentMessage>(String problem) -> refuse("malformed", problem);
            case Decoded.Unknown<AgentMessage>(String type) -> {
                shared.meters().ignored();
                log.atDebug().addKeyValue("type", type).log("a message of a newer agent is ignored");
            }
            case Decoded.Valid<AgentMessage>(AgentMessage.Hello hello) -> onHello(hello);
            case Decoded.Valid<AgentMessage>(AgentMessage.Ack ack) -> onAck(ack);
            case Decoded.Valid<AgentMessage>(AgentMessage.Stats stats) -> {
                if (isKnown()) {
                    shared.feed().onStats(String.valueOf(agentId), stats);
                }
            }
            case Decoded.Valid<AgentMessage>(AgentMessage.Event event) -> onEvent(event);
            case Decoded.Valid<AgentMessage>(AgentMessage.KeysWanted()) -> onKeysWanted();
            case Decoded.Valid<AgentMessage>(AgentMessage.Rekey rekey) -> onRekey(rekey);
        }
    }

    private void onHello(AgentMessage.Hello hello) {
        if (hasGreeted) {
            refuse("malformed", "a second hello");
            return;
        }
        hasGreeted = true;
        inOrder.run(() -> shared.stores().identities().prove(hello, greeting.nonce(), agentNonce))
                .onSuccess(who -> {
                    switch (who) {
                        case Identities.Who.Nobody() ->
                            refuse("unknown_agent", "the controller does not know this agent, or has revoked it");
                        case Identities.Who.Claimant(String name) ->
                            refuse(
                                    "pending_approval",
                                    "the name " + name + " is taken; somebody has to reclaim it at the controller");
                        case Identities.Who.Agent(Node node, VerifyKey key) -> welcome(hello, node, key);
                    }
                })
                .onFailure(this::failed);
    }

    private void welcome(AgentMessage.Hello hello, Node node, VerifyKey key) {
        if (socket.isClosed()) {
            return;
        }
        vertx.cancelTimer(helloTimer);
        String id = node.id();
        agentId = id;
        provedKey = key;
        shared.connections().release(socket.remoteAddress());
        boolean isTwin = shared.sockets().enter(id, hello.bootId(), this);
        mailbox = vertx.eventBus().localConsumer(AgentSockets.address(id), mail -> onMail(mail.body()));
        log.atInfo().addKeyValue("agent", node.name()).log("agent connected");
        shared.feed().publishAgent(id);
        shared.feed().onEvent(id, EventKind.AGENT_ONLINE, "", "", 0);
        if (isTwin && !shared.stores().presence().isShared()) {
            onTwin(id);
        }
        send(new ControllerMessage.Welcome(node.state().spelling()));
        push(Optional.of(hello));
    }

    private void onTwin(String id) {
        log.atWarn()
                .addKeyValue("agent", id)
                .addKeyValue("address", address)
                .log("two machines have the identity of this agent");
        shared.feed().onEvent(id, EventKind.AGENT_DUPLICATE, "", "the last came from " + address, 0);
    }

    /// Whether it has proved itself; if not, it is refused.
    private boolean isKnown() {
        if (agentId == null) {
            refuse("malformed", "the first message is a hello");
        }
        return agentId != null;
    }

    private void onMail(String word) {
        if (word.equals(AgentSockets.WATCH)) {
            send(new ControllerMessage.Watch(StreamFeed.WATCH_SECONDS));
        } else {
            push(Optional.empty());
        }
    }

    private void onFlood() {
        String id = agentId;
        if (isKnown() && id != null && !isFlooding) {
            isFlooding = true;
            shared.feed().onEvent(id, EventKind.AGENT_FLOODING, "", "more than " + RATE + " messages a second", 0);
        }
        refuse("rate_limited", "too many messages");
    }

    private void onEvent(AgentMessage.Event event) {
        String id = agentId;
        if (!isKnown() || id == null) {
            return;
        }
        if (!event.kind().isOfAgents()) {
            refuse("malformed", "an agent does not tell " + event.kind().spelling());
            return;
        }
        shared.feed().onEvent(id, event.kind(), event.link(), event.detail(), event.secondsAgo());
    }

    private void onKeysWanted() {
        String id = agentId;
        if (isKnown() && id != null) {
            inOrder.run(() -> {
                        shared.stores().identities().want(id, address);
                        return true;
                    })
                    .onFailure(this::failed);
        }
    }

    private void onRekey(AgentMessage.Rekey rekey) {
        String id = agentId;
        if (isKnown() && id != null) {
            inOrder.run(() -> shared.stores().identities().take(id, rekey, address))
                    .onSuccess(answer -> answer.ifPresent(this::send))
                    .onFailure(this::failed);
        }
    }

    private void onAck(AgentMessage.Ack ack) {
        String id = agentId;
        if (!isKnown() || id == null) {
            return;
        }
        if (!OF_AGENTS.contains(ack.state())) {
            refuse(
                    "malformed",
                    "an agent does not decide that a configuration is "
                            + ack.state().spelling());
            return;
        }
        inOrder.run(() -> acknowledgements.note(id, ack, address)).onFailure(this::failed);
        log.atInfo()
                .addKeyValue("agent", id)
                .addKeyValue("revision", ack.revision())
                .addKeyValue("state", ack.state().spelling())
                .addKeyValue("reason", ack.reason())
                .log("configuration acknowledged");
    }

    /// Sends what the agent is to have, unless it has that, or has tried it in vain.
    ///
    /// @param hello just received, which says what it has
    private void push(Optional<AgentMessage.Hello> hello) {
        String id = agentId;
        if (id == null) {
            return;
        }
        VerifyKey key = provedKey;
        inOrder.run(() -> due.messages(id, Optional.ofNullable(key), hello))
                .onSuccess(due -> {
                    due.messages().forEach(this::send);
                    if (due.isTwin()) {
                        onTwin(id);
                    }
                    due.ahead().ifPresent(detail -> shared.feed().onEvent(id, EventKind.AGENT_AHEAD, "", detail, 0));
                })
                .onSuccess(_ -> {
                    endIfRevoked(id);
                    if (hello.isPresent()) {
                        shared.stores().moved().run();
                    }
                })
                .onFailure(this::failed);
    }

    /// After its last configuration, which says to carry nothing, a revoked agent is not heard any more.
    private void endIfRevoked(String id) {
        boolean isKnown = shared.stores()
                .fleet()
                .fleet()
                .node(id)
                .filter(node -> node.state() != NodeState.REVOKED)
                .isPresent();
        if (!isKnown) {
            refuse("unknown_agent", "the controller has revoked this agent");
        }
    }

    private void send(ControllerMessage message) {
        if (socket.isClosed()) {
            return;
        }
        if (out.isFull()) {
            log.atWarn().addKeyValue("agent", agentId).log("an agent does not read; its connection ends");
            socket.close(POLICY_VIOLATION);
            return;
        }
        out.send(MessageCodec.encode(message));
    }

    private void refuse(String code, String detail) {
        if (!socket.isClosed()) {
            shared.meters().refused(code);
            log.atInfo().addKeyValue("agent", agentId).addKeyValue("code", code).log("an agent was refused");
            send(new ControllerMessage.Refused(code, detail));
            socket.close(POLICY_VIOLATION);
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof DueMessages.ElsewhereException) {
            replace();
            return;
        }
        if (failure instanceof DueMessages.OtherKeysException) {
            refuse("unknown_agent", "another machine is this agent now");
            return;
        }
        log.atError().setCause(failure).log("an agent's message failed");
        vertx.setTimer(FAILED_MS, _ -> socket.close());
    }

    private void onClose() {
        shared.connections().release(socket.remoteAddress());
        vertx.cancelTimer(helloTimer);
        if (mailbox != null) {
            mailbox.unregister();
        }
        if (agentId != null) {
            leave(agentId);
            log.atInfo().addKeyValue("agent", agentId).log("agent gone");
        }
    }

    private void leave(String id) {
        if (!shared.sockets().leave(id, this)) {
            return;
        }
        shared.feed().publishAgent(id);
        // It may be back at this node already, and then it stays.
        inOrder.run(() -> shared.database()
                        .transaction(connection -> !shared.sockets().isConnected(id)
                                && shared.stores().presence().leave(connection, id)))
                .onSuccess(isGone -> {
                    if (isGone) {
                        shared.feed().onEvent(id, EventKind.AGENT_OFFLINE, "", "", 0);
                        shared.stores().moved().run();
                    }
                });
    }
}
