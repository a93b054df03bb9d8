package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class LinkReachTest {

    @Test
    void saysOfEachLinkWhatAConnectionComesTo() throws IOException {
        var nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var somebody = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());

            assertThat(LinkReach.over("lo", somebody)).isEqualTo("connected");
            assertThat(LinkReach.over("nope0", somebody)).startsWith("no connection: ");
        }
        assertThat(LinkReach.over("lo", nobody)).isEqualTo("connection refused");
    }

    @Test
    void aNameThatIsNotKnownIsNotTried() {
        assertThat(LinkReach.describe(URI.create("https://controller.invalid:8443")))
                .isEmpty();
    }
}
