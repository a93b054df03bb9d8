package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that have not shaken hands in TLS: an address has so many and no more, and what it does is no matter to
/// others.
class DoorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Of `Connections`.
    private static final int MOST = 256;

    private static final int MOMENT_MS = 300;

    private static final String LIVE = "GET /health/live HTTP/1.1\r\nhost: c\r\n\r\n";

    private final List<Socket> open = new ArrayList<>();

    private RunningController controller;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        controller.close();
    }

    @Test
    void nobodyAloneUsesUpThePortWithoutTls() throws IOException {
        for (int i = 0; i < MOST; i++) {
            connect("127.0.0.2");
        }

        assertThat(isEnded(connect("127.0.0.2"))).isTrue();
        assertThat(isEnded(connect("127.0.0.3"))).isFalse();
        assertThat(controller.ask("GET", "/health/live", "").status()).isEqualTo(200);
        assertThat(controller.metrics())
                .contains("onebox_controller_agents_refused_total{code=\"too_many_connections\"} 1");

        open.getFirst().close();
        eventually(PATIENCE, () -> assertThat(isEnded(connect("127.0.0.2"))).isFalse());
    }

    @Test
    void whoHasShakenHandsDoesNotWaitAtTheDoor() throws IOException {
        for (int i = 0; i < MOST / 2; i++) {
            SSLSocket socket = controller.tls("TLSv1.3");
            open.add(socket);
            socket.getOutputStream().write(LIVE.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.getInputStream().read())
                    .as("answered, so it has shaken hands")
                    .isEqualTo('H');
        }

        for (int i = 1; i < MOST; i++) {
            connect("127.0.0.1");
        }
        assertThat(isEnded(connect("127.0.0.1"))).isFalse();
        assertThat(isEnded(connect("127.0.0.1"))).isTrue();
    }

    /// Connects, and says nothing.
    private Socket connect(String from) {
        var socket = new Socket();
        open.add(socket);
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(
                    InetAddress.ofLiteral("127.0.0.1"), controller.url().getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return socket;
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(MOMENT_MS);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
