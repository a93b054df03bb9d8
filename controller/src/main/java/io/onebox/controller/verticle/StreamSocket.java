package io.onebox.controller.verticle;

import io.onebox.controller.api.Credentials;
import io.onebox.controller.auth.Accounts;
import io.onebox.controller.auth.Subject;
import io.onebox.controller.metrics.ControllerMeters;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The WebSocket of a console or a program that subscribes to what happens. Each subscription gets a snapshot, then
/// deltas in order; what a slow reader misses becomes one gap and a new snapshot, so nothing piles up here. Runs on
/// the event loop of its socket.
final class StreamSocket {

    private static final Logger log = LoggerFactory.getLogger(StreamSocket.class);

    private static final int MAX_QUEUE = 256 * 1024;
    private static final int MAX_SUBSCRIPTIONS = 50;
    private static final int MAX_HELD = 100;

    /// How often it is looked up whether the session or token still holds, and watched agents are asked to go on.
    private static final long LOOK_MS = 4_000;

    private static final int RATE = 20;
    private static final int BURST = 100;
    private static final short POLICY_VIOLATION = 1008;
    private static final short TOO_BIG = 1009;

    private final Vertx vertx;
    private final Shared shared;
    private final ServerWebSocket socket;
    private final Credentials credentials;
    private final Map<Long, Subscription> subscriptions = new LinkedHashMap<>();
    private final List<Long> timers = new ArrayList<>();
    private final OutQueue out;
    private final MessageRate rate = new MessageRate(RATE, BURST);
    private Subject subject;

    /// What all sockets use.
    record Shared(Accounts accounts, StreamFeed feed, AgentSockets agents, ControllerMeters meters) {}

    /// One subscription.
    private static final class Subscription {
        private final long id;
        private final StreamTopic topic;
        private final List<String> held = new ArrayList<>();
        private @Nullable MessageConsumer<String> consumer;
        private boolean isSnapping;
        private long sequence;
        private long missed;

        Subscription(long id, StreamTopic topic) {
            this.id = id;
            this.topic = topic;
        }
    }

    StreamSocket(Vertx vertx, Shared shared, ServerWebSocket socket, Credentials credentials, Subject subject) {
        this.vertx = vertx;
        this.shared = shared;
        this.socket = socket;
        this.out = new OutQueue(socket, MAX_QUEUE, this::onDrained);
        this.credentials = credentials;
        this.subject = subject;
    }

    void start() {
        shared.agents().connections().release(socket.remoteAddress());
        socket.textMessageHandler(this::onText);
        socket.binaryMessageHandler(_ -> refuse("malformed", "messages are text"));
        socket.closeHandler(_ -> onClose());
        shared.meters().streamOpened();
        socket.exceptionHandler(this::onBroken);
        long pingMs = shared.agents().patience().ping().toMillis();
        timers.add(vertx.setPeriodic(pingMs, _ -> socket.writePing(Buffer.buffer("onebox"))));
        timers.add(vertx.setPeriodic(LOOK_MS, _ -> look()));
    }

    /// Of a message that is too long, too, which would go on for ever.
    private void onBroken(Throwable failure) {
        log.atDebug().addKeyValue("cause", failure.getMessage()).log("a stream's connection broke");
        if (!socket.isClosed()) {
            shared.meters().streamRefused("broken");
            socket.close(TOO_BIG);
        }
    }

    private void onText(String text) {
        Optional<JsonObject> json = Json.object(text).map(JsonObject::new);
        Long id = json.map(message -> message.integer("id")).orElse(null);
        if (!rate.isWithin()) {
            refuse("rate_limited", "too many messages");
        } else if (json.isEmpty() || id == null) {
            refuse("malformed", "a message is a JSON object with type and id");
        } else {
            switch (json.get().textOrDash("type")) {
                case "sub" -> subscribe(id, json.get().textOrDash("topic"));
                case "unsub" -> unsubscribe(id);
                default -> error(id, "bad_request", "type must be sub or unsub");
            }
        }
    }

    private void subscribe(long id, String name) {
        Optional<StreamTopic> topic = StreamTopic.parse(name);
        if (topic.isEmpty()) {
            error(id, "bad_request", "a topic is agents, agent/ID/live or agent/ID/events");
        } else if (!topic.get().need().isMetBy(Optional.of(subject))) {
            error(id, "forbidden", topic.get().need().refusal());
        } else if (!shared.feed().exists(topic.get())) {
            error(id, "not_found", "there is no agent '" + topic.get().agentId().orElse("") + "'");
        } else if (subscriptions.containsKey(id)) {
            error(id, "bad_request", "this id has a subscription already");
        } else if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
            error(id, "too_many", "a connection has at most " + MAX_SUBSCRIPTIONS + " subscriptions");
        } else {
            var subscription = new Subscription(id, topic.get());
            subscriptions.put(id, subscription);
            subscription.consumer = vertx.eventBus()
                    .localConsumer(topic.get().address(), message -> onDelta(subscription, message.body()));
            snap(subscription);
            watch(subscription);
        }
    }

    private void unsubscribe(long id) {
        Subscription subscription = subscriptions.remove(id);
        if (subscription == null) {
            error(id, "not_found", "there is no such subscription");
        } else {
            end(subscription);
        }
    }

    private static void end(Subscription subscription) {
        if (subscription.consumer != null) {
            subscription.consumer.unregister();
        }
    }

    /// Sends all there is; deltas that come meanwhile wait.
    private void snap(Subscription subscription) {
        subscription.isSnapping = true;
        vertx.executeBlocking(() -> shared.feed().snapshot(subscription.topic), false)
                .onSuccess(data -> {
                    subscription.isSnapping = false;
                    send(subscription, "snap", data);
                    List<String> held = List.copyOf(subscription.held);
                    subscription.held.clear();
                    held.forEach(delta -> onDelta(subscription, delta));
                })
                .onFailure(failure -> {
                    log.atError().setCause(failure).log("a snapshot failed");
                    socket.close();
                });
    }

    private void onDelta(Subscription subscription, String data) {
        if (socket.isClosed()) {
            return;
        }
        if (subscription.isSnapping && subscription.held.size() < MAX_HELD) {
            subscription.held.add(data);
        } else if (subscription.isSnapping || out.isFull()) {
            subscription.missed++;
            shared.meters().missed();
        } else {
            send(subscription, "delta", data);
        }
    }

    private void onDrained() {
        for (Subscription subscription : subscriptions.values()) {
            if (subscription.missed > 0 && !subscription.isSnapping && !out.isFull()) {
                send(subscription, "gap", Long.toString(subscription.missed));
                subscription.missed = 0;
                snap(subscription);
            }
        }
    }

    private void send(Subscription subscription, String type, String data) {
        if (!socket.isClosed() && subscriptions.containsKey(subscription.id)) {
            subscription.sequence++;
            out.send("{\"type\":\"%s\",\"id\":%d,\"seq\":%d,\"data\":%s}"
                    .formatted(type, subscription.id, subscription.sequence, data));
        }
    }

    private void refuse(String code, String detail) {
        if (!socket.isClosed()) {
            shared.meters().streamRefused(code);
            socket.close(POLICY_VIOLATION, detail);
        }
    }

    private void error(long id, String code, String detail) {
        shared.meters().streamRefused(code);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("type", "err");
        json.put("id", id);
        json.put("code", code);
        json.put("detail", detail);
        out.send(Json.write(json));
    }

    private void look() {
        subscriptions.values().forEach(this::watch);
        onDrained();
        vertx.executeBlocking(() -> credentials.subjectStill(shared.accounts()), false)
                .onFailure(failure -> log.atError().setCause(failure).log("a session could not be looked up"))
                .onSuccess(still -> {
                    boolean isEnough = subscriptions.values().stream()
                            .allMatch(subscription -> subscription.topic.need().isMetBy(still));
                    if (still.isEmpty() || !isEnough) {
                        refuse("unauthenticated", "the session or token has ended");
                    } else {
                        subject = still.get();
                    }
                });
    }

    private void watch(Subscription subscription) {
        if (subscription.topic instanceof StreamTopic.Live(String agent)) {
            shared.agents().watch(agent);
        }
    }

    private void onClose() {
        shared.meters().streamClosed();
        timers.forEach(vertx::cancelTimer);
        subscriptions.values().forEach(StreamSocket::end);
        subscriptions.clear();
    }
}
