package io.onebox.testbed.fleet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Consoles that look at agents second by second, over the stream that every program may use.
final class Watchers {

    /// Subscriptions of one connection; a controller allows 50.
    private static final int EACH = 50;

    private static final int MAX_FRAME = 1 << 20;

    private final WebSocketClient client;
    private final URI url;
    private final String cookie;
    private final AtomicLong deltas = new AtomicLong();

    /// @param cookie of a session
    Watchers(Vertx vertx, URI url, String cookie) {
        this.url = url;
        this.cookie = cookie;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxFrameSize(MAX_FRAME)
                .setMaxMessageSize(MAX_FRAME));
    }

    /// Watches agents, for as long as this stands.
    void watch(List<VirtualAgent> agents) {
        for (int from = 0; from < agents.size(); from += EACH) {
            List<VirtualAgent> some = agents.subList(from, Math.min(agents.size(), from + EACH));
            connect().onSuccess(socket -> subscribe(socket, some)).await();
        }
    }

    private Future<WebSocket> connect() {
        return client.connect(new WebSocketConnectOptions()
                .setHost(url.getHost())
                .setPort(url.getPort())
                .setURI("/api/v1/stream")
                .addSubProtocol("onebox.stream.v1")
                .putHeader("cookie", cookie));
    }

    private void subscribe(WebSocket socket, List<VirtualAgent> agents) {
        socket.textMessageHandler(text -> {
            if (text.contains("\"delta\"")) {
                deltas.incrementAndGet();
            }
        });
        for (int i = 0; i < agents.size(); i++) {
            socket.writeTextMessage("{\"type\":\"sub\",\"id\":%d,\"topic\":\"agent/%s/live\"}"
                    .formatted(i + 1, agents.get(i).id()));
        }
    }

    /// Seconds of agents that were told so far.
    long deltas() {
        return deltas.get();
    }
}
