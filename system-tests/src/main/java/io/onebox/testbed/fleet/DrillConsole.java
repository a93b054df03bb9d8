package io.onebox.testbed.fleet;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A console that shows all agents: it goes to the next node as soon as one is silent, with the same session.
final class DrillConsole {

    private static final long ASK_MS = 2_000;
    private static final long RETRY_MS = 300;
    private static final int TIMEOUT_MS = 2_000;
    private static final String SUBSCRIBE = "{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}";

    private final Vertx vertx;
    private final List<String> addresses;
    private final String cookie;
    private final WebSocketClient client;
    private final Map<String, String> shown = new ConcurrentHashMap<>();
    private int next;
    private volatile String node = "";
    private volatile boolean hasSnapshot;
    private boolean isAnswered;

    /// @param addresses of the nodes, in the order in which they are tried
    DrillConsole(Vertx vertx, List<String> addresses, String cookie) {
        this.vertx = vertx;
        this.addresses = List.copyOf(addresses);
        this.cookie = cookie;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setConnectTimeout(TIMEOUT_MS)
                .setClosingTimeout(1)
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(1 << 24));
    }

    void start() {
        vertx.runOnContext(_ -> connect());
    }

    /// The node that it is connected to, once it has shown all agents.
    String node() {
        return hasSnapshot ? node : "";
    }

    /// The frame that last told of an agent, or nothing.
    String shown(String agent) {
        return shown.getOrDefault(agent, "");
    }

    private void connect() {
        String address = addresses.get(next % addresses.size());
        next++;
        client.connect(new WebSocketConnectOptions()
                        .setHost(address)
                        .setPort(8443)
                        .setURI("/api/v1/stream")
                        .setTimeout(TIMEOUT_MS)
                        .addSubProtocol("onebox.stream.v1")
                        .putHeader("cookie", cookie))
                .onSuccess(socket -> connected(socket, address))
                .onFailure(_ -> vertx.setTimer(RETRY_MS, _ -> connect()));
    }

    private void connected(WebSocket socket, String address) {
        isAnswered = true;
        node = address;
        long timer = vertx.setPeriodic(ASK_MS, _ -> ask(socket));
        socket.pongHandler(_ -> isAnswered = true);
        socket.textMessageHandler(this::onText);
        socket.exceptionHandler(_ -> {});
        socket.closeHandler(_ -> {
            vertx.cancelTimer(timer);
            hasSnapshot = false;
            vertx.setTimer(RETRY_MS, _ -> connect());
        });
        socket.writeTextMessage(SUBSCRIBE);
    }

    private void ask(WebSocket socket) {
        if (!isAnswered) {
            socket.close();
            return;
        }
        isAnswered = false;
        socket.writePing(Buffer.buffer("drill"));
    }

    private void onText(@Nullable String text) {
        var frame = new JsonObject(text);
        var data = frame.getValue("data");
        if (data instanceof JsonObject json) {
            if (json.getJsonArray("items") == null) {
                shown.put(json.getString("id"), json.encode());
                return;
            }
            json.getJsonArray("items").forEach(item -> {
                var agent = (JsonObject) item;
                shown.put(agent.getString("id"), agent.encode());
            });
            hasSnapshot = true;
        }
    }
}
