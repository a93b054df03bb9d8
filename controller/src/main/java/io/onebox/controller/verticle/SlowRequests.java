package io.onebox.controller.verticle;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends connections of which a request takes too long, also one that comes byte by byte: each has a time at which it
/// must have said something whole. A WebSocket has rules of its own. Used on the event loop of the port.
final class SlowRequests {

    private static final Logger log = LoggerFactory.getLogger(SlowRequests.class);

    private final Vertx vertx;
    private final Patience patience;
    private final Map<SocketAddress, Long> timers = new HashMap<>();

    SlowRequests(Vertx vertx, Patience patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    /// A connection is there, and is to ask something.
    void onOpened(HttpConnection connection) {
        within(patience.beginning(), connection);
    }

    /// The head of a request has come. Who asks again and again and reads no answer is not answered.
    ///
    /// @return whether it is to be answered
    boolean onRequest(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.response().writeQueueFull()) {
            end(connection);
            return false;
        }
        within(patience.body(), connection);
        request.end().onSuccess(_ -> within(patience.silence(), connection));
        return true;
    }

    /// A connection has become a WebSocket, or is no more.
    void forget(SocketAddress remote) {
        Long timer = timers.remove(remote);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private void within(Duration limit, HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress();
        forget(remote);
        timers.put(remote, vertx.setTimer(limit.toMillis(), _ -> {
            timers.remove(remote);
            end(connection);
        }));
    }

    private void end(HttpConnection connection) {
        log.atDebug().addKeyValue("remote", connection.remoteAddress()).log("a connection is too slow");
        connection.close();
    }
}
