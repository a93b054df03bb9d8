package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.controller.verticle.Patience;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.message.Protocol;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that say nothing, or say it byte by byte, or do not read: they are ended, and others do not notice.
class SlowConnectionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final Patience SHORT = new Patience(MOMENT, MOMENT, Duration.ofSeconds(3), Duration.ofMillis(200));
    private static final int BYTE_MS = 50;

    /// Of `Connections`.
    private static final int MOST = 256;

    private static final String LIVE = "GET /health/live HTTP/1.1\r\nhost: c\r\n\r\n";
    private static final String STREAM = "/api/v1/stream";
    private static final String STREAM_PROTOCOL = "onebox.stream.v1";
    private static final String AGENT = Protocol.SOCKET_PATH + "?n=" + "A".repeat(43) + "%3D";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private RunningController controller;

    @AfterEach
    void stop() {
        threads.shutdownNow();
        controller.close();
    }

    @Test
    void whoIsSlowIsEndedAndOthersDoNotNotice(@TempDir Path directory) {
        controller = RunningController.patient(directory, SHORT);
        String cookie = controller.login(Role.OWNER);
        SigningKey key = SigningKey.generate(new SecureRandom());
        String id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "van");
        try (SocketClient agent = VirtualAgent.connect(controller, key, id);
                SocketClient stream = controller.connect(STREAM, STREAM_PROTOCOL, "cookie", cookie);
                ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor()) {
            var _ = pings.scheduleAtFixedRate(agent::ping, 0, 100, TimeUnit.MILLISECONDS);
            Map<String, Future<Boolean>> slow = slow(cookie);

            eventually(PATIENCE, () -> {
                assertThat(controller.ask("GET", "/health/live", "").status()).isEqualTo(200);
                slow.forEach((what, ended) -> assertThat(ended).as(what).isDone());
            });

            slow.forEach((what, ended) -> assertThat(ended).as(what).succeedsWithin(Duration.ZERO));
            assertThat(agent.closeCode(0)).as("the agent").isEmpty();
            assertThat(stream.closeCode(0)).as("the console").isEmpty();
            stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
            assertThat(stream.next().toString()).contains("connected=true", "van");
        }
    }

    /// Each is done when its connection has been ended.
    private Map<String, Future<Boolean>> slow(String cookie) {
        String post = "POST /api/v1/session HTTP/1.1\r\nhost: c\r\ncontent-type: application/json\r\n"
                + "content-length: 1000\r\n\r\n{";
        Map<String, Future<Boolean>> slow = new LinkedHashMap<>();
        slow.put("no TLS handshake", threads.submit(() -> {
            try (var socket =
                    new Socket(controller.url().getHost(), controller.url().getPort())) {
                return isEnded(socket, "");
            }
        }));
        slow.put("no request", saying("", ""));
        slow.put("no second request", saying(LIVE, ""));
        slow.put("a header byte by byte", saying("GET / HTTP/1.1\r\nhost: c\r\nx: ", "y"));
        slow.put("a body that stalls", saying(post, ""));
        slow.put("a body byte by byte", saying(post, " "));
        slow.put("an agent that says nothing", saying(upgrade(AGENT, Protocol.AGENT_SUBPROTOCOL, "x: y"), ""));
        slow.put(
                "an agent that only pings",
                saying(upgrade(AGENT, Protocol.AGENT_SUBPROTOCOL, "x: y"), "\u0089\u0080\0\0\0\0"));
        slow.put("a console that is not there", saying(upgrade(STREAM, STREAM_PROTOCOL, "cookie: " + cookie), ""));
        slow.put("a WebSocket that is refused", saying(upgrade(STREAM, STREAM_PROTOCOL, "cookie: none"), ""));
        slow.put("requests without end, whose answers nobody reads", threads.submit(this::isEndedWithoutReading));
        return slow;
    }

    private static String upgrade(String path, String subprotocol, String header) {
        return """
                GET %s HTTP/1.1\r
                host: c\r
                upgrade: websocket\r
                connection: upgrade\r
                sec-websocket-version: 13\r
                sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r
                sec-websocket-protocol: %s\r
                %s\r
                \r
                """.formatted(path, subprotocol, header);
    }

    private Future<Boolean> saying(String first, String again) {
        return threads.submit(() -> {
            try (SSLSocket socket = controller.tls("TLSv1.3")) {
                socket.startHandshake();
                socket.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
                return isEnded(socket, again);
            }
        });
    }

    /// Reads until the other end ends it, and says something again and again meanwhile.
    private static boolean isEnded(Socket socket, String again) {
        try {
            socket.setSoTimeout(BYTE_MS);
            int read = 0;
            while (read >= 0) {
                socket.getOutputStream().write(again.getBytes(StandardCharsets.ISO_8859_1));
                read = readOrWait(socket);
            }
        } catch (IOException _) {
            // Ended, and not in order.
        }
        return true;
    }

    private static int readOrWait(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketTimeoutException _) {
            return 0;
        }
    }

    private boolean isEndedWithoutReading() throws IOException {
        byte[] request = "GET / HTTP/1.1\r\nhost: c\r\naccept: text/html\r\n\r\n"
                .repeat(100)
                .getBytes(StandardCharsets.US_ASCII);
        SSLSocket socket = controller.tls("TLSv1.3");
        try {
            socket.startHandshake();
            OutputStream out = socket.getOutputStream();
            while (!threads.isShutdown()) {
                out.write(request);
            }
            return false;
        } catch (IOException _) {
            return true;
        } finally {
            socket.close();
        }
    }

    @Test
    void anAddressHasSoManyConnectionsThatHaveProvedNothingAndNoMore(@TempDir Path directory) throws Exception {
        controller = new RunningController(directory);
        List<SSLSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                open.add(controller.tls("TLSv1.3"));
                open.getLast().startHandshake();
            }
            try (SSLSocket tooMany = controller.tls("TLSv1.3")) {
                assertThat(isEnded(tooMany, "")).isTrue();
            }
            open.getFirst().getOutputStream().write(LIVE.getBytes(StandardCharsets.US_ASCII));
            assertThat(open.getFirst().getInputStream().readNBytes(12))
                    .asString()
                    .isEqualTo("HTTP/1.1 200");
        } finally {
            for (SSLSocket socket : open) {
                socket.close();
            }
        }
        eventually(
                PATIENCE,
                () -> assertThat(controller.ask("GET", "/health/live", "").status())
                        .isEqualTo(200));
    }
}
