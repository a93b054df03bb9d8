package io.onebox.controller.verticle;

import io.vertx.core.http.ServerWebSocket;

/// What waits to be sent on a WebSocket, counted by us: a text counts until the network has taken it. Used on the event
/// loop of its socket.
final class OutQueue {

    private final ServerWebSocket socket;
    private final int most;
    private final Runnable onDrained;
    private long waiting;

    /// @param most characters that may wait
    /// @param onDrained called when less than half of that waits
    OutQueue(ServerWebSocket socket, int most, Runnable onDrained) {
        this.socket = socket;
        this.most = most;
        this.onDrained = onDrained;
    }

    boolean isFull() {
        return waiting >= most;
    }

    /// Sends a text, unless the socket is closed.
    void send(String text) {
        if (socket.isClosed()) {
            return;
        }
        waiting += text.length();
        socket.writeTextMessage(text).onComplete(_ -> {
            waiting -= text.length();
            if (waiting < most / 2) {
                onDrained.run();
            }
        });
    }
}
