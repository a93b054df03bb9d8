package io.onebox.controller;

import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A WebSocket as a program has it, over TLS: says texts, and has those it was sent in their order.
final class SocketClient implements WebSocket.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    /// Connects, with headers in pairs.
    SocketClient(HttpClient client, URI url, String subprotocol, String... headers) {
        WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols(subprotocol);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        URI wss = URI.create(url.toString().replaceFirst("http", "ws"));
        socket = builder.buildAsync(wss, this).join();
    }

    void say(String text) {
        socket.sendText(text, true).join();
    }

    /// Says a text to a server that may have hung up.
    void trySay(String text) {
        socket.sendText(text, true).exceptionally(_ -> socket).join();
    }

    void ping() {
        socket.sendPing(ByteBuffer.allocate(0)).join();
    }

    /// The next text.
    JsonObject next() {
        try {
            String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("nothing came; closed with " + closed.getNow(0));
            }
            return new JsonObject(Json.object(text).orElseThrow());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// The next text of a type; others before it are passed over.
    JsonObject next(String type) {
        JsonObject found = next();
        while (!type.equals(found.text("type"))) {
            found = next();
        }
        return found;
    }

    /// The code the other end closes with; empty if it does not.
    Optional<Integer> closeCode(long seconds) {
        try {
            return Optional.of(closed.get(seconds, TimeUnit.SECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
        part.append(text);
        if (isLast) {
            received.add(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(-1);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
