package io.onebox.controller.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final Connections connections = new Connections();

    @Test
    void nobodyAloneUsesUpThePort() {
        for (int i = 0; i < Connections.MAX_UNPROVED; i++) {
            assertThat(connections.enter(at("192.0.2.1", 1000 + i))).isTrue();
        }

        assertThat(connections.enter(at("192.0.2.1", 1))).isFalse();
        assertThat(connections.enter(at("192.0.2.2", 1))).isTrue();
        connections.release(at("192.0.2.1", 1000));
        connections.release(at("192.0.2.1", 1000));
        assertThat(connections.enter(at("192.0.2.1", 2))).isTrue();
        assertThat(connections.enter(at("192.0.2.1", 3))).isFalse();
    }

    @Test
    void behindAProxyEachAddressHasItsOwn() {
        for (int i = 0; i < Connections.MAX_UNPROVED; i++) {
            assertThat(connections.enter(at("127.0.0.1", 1000 + i), "192.0.2.1"))
                    .isTrue();
        }

        assertThat(connections.enter(at("127.0.0.1", 1), "192.0.2.1")).isFalse();
        assertThat(connections.enter(at("127.0.0.1", 1), "192.0.2.2")).isTrue();
        assertThat(connections.enter(at("127.0.0.1", 1000), "192.0.2.1"))
                .as("a connection that the proxy uses again")
                .isTrue();
        assertThat(connections.enter(at("127.0.0.1", 2), "192.0.2.1")).isFalse();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        for (int i = 0; i < Connections.MAX_UNPROVED; i++) {
            assertThat(connections.enter(at("2001:db8:1:2::" + Integer.toHexString(i), 1000)))
                    .isTrue();
        }

        assertThat(connections.enter(at("2001:db8:1:2:ffff::1", 1000))).isFalse();
        assertThat(connections.enter(at("2001:db8:1:3::1", 1000))).isTrue();
        connections.release(at("2001:db8:1:2::7", 1000));
        assertThat(connections.enter(at("2001:db8:1:2:ffff::1", 1000))).isTrue();
    }

    private static SocketAddress at(String host, int port) {
        return SocketAddress.inetSocketAddress(port, host);
    }
}
