package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How a browser outside reaches the controller of `bin/demo --keep`.
@Tag("system")
class PortForwardSystemTest {

    @RegisterExtension
    final TestbedExtension testbed = new TestbedExtension();

    @Test
    void aPortOfThisMachineLeadsIntoTheTestbed() throws IOException, InterruptedException {
        TestbedHost host = testbed.server();
        try (ServerSocket inside = host.inside(() -> new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                PortForward forward = PortForward.to(host, inside.getLocalPort())) {
            Thread echo = Thread.ofVirtual().start(() -> echoOnce(inside));

            try (var outside = new Socket(InetAddress.getLoopbackAddress(), forward.port())) {
                outside.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                outside.shutdownOutput();
                assertThat(outside.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            echo.join();
        }
    }

    @Test
    void aPortThatIsTakenIsAnother() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PortForward forward = PortForward.to(testbed.server(), taken.getLocalPort());
                var outside = new Socket(InetAddress.getLoopbackAddress(), forward.port())) {
            assertThat(forward.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(outside.getInputStream().readAllBytes())
                    .as("nobody listens inside")
                    .isEmpty();
        }
    }

    private static void echoOnce(ServerSocket inside) {
        try (Socket socket = inside.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
