package io.onebox.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.config.Prefix;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {

    private final Proxies proxies = new Proxies(Stream.of("127.0.0.0/8", "10.0.0.0/24", "::1/128")
            .map(text -> Prefix.network(text).orElseThrow())
            .toList());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1 | 203.0.113.7 | 203.0.113.7",
                "::1 | 2001:db8::7 | 2001:db8::7",
                "127.0.0.1 | 203.0.113.7, 10.0.0.2 | 203.0.113.7",
                "127.0.0.1 | 198.51.100.1, 203.0.113.7 | 203.0.113.7",
                "127.0.0.1 | 198.51.100.1, rubbish, 10.0.0.2 | 10.0.0.2",
                "127.0.0.1 | 10.0.0.2 | 10.0.0.2",
                "203.0.113.9 | 198.51.100.1 | 203.0.113.9",
                "10.0.1.2 | 198.51.100.1 | 10.0.1.2",
                "127.0.0.1 | rubbish | 127.0.0.1",
                "127.0.0.1 | '' | 127.0.0.1",
            })
    void whoAProxyHasItFromIsBelievedAndNothingBefore(String remote, String forwarded, String address) {
        var headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", forwarded);

        assertThat(proxies.address(SocketAddress.inetSocketAddress(4711, remote), headers))
                .isEqualTo(address);
    }

    @Test
    void headersThatCameApartAreOneList() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("x-forwarded-for", "198.51.100.1")
                .add("X-Forwarded-For", "203.0.113.7, 10.0.0.2");

        assertThat(proxies.address(SocketAddress.inetSocketAddress(4711, "127.0.0.1"), headers))
                .isEqualTo("203.0.113.7");
    }

    @Test
    void withoutProxiesTheHeaderIsNotLookedAt() {
        var headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", "203.0.113.7");

        assertThat(new Proxies(List.of()).address(SocketAddress.inetSocketAddress(4711, "127.0.0.1"), headers))
                .isEqualTo("127.0.0.1");
    }
}
