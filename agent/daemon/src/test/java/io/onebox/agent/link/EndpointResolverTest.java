package io.onebox.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Endpoint;
import io.onebox.shared.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointResolverTest {

    private static final List<HostPort> SERVER = List.of(new HostPort("vpn.example.net", 51820));
    private static final InetAddress V4 = InetAddress.ofLiteral("203.0.113.7");
    private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::7");
    private static final Endpoint V4_ENDPOINT = Endpoint.ofIpv4(0xcb007107, 51820);

    private final Map<String, List<InetAddress>> throughTunnel = new HashMap<>();
    private final Map<String, List<InetAddress>> besideTunnel = new HashMap<>();

    @TempDir
    Path state;

    @Test
    void findsAllAddressesIpv4First() {
        throughTunnel.put("vpn.example.net", List.of(V6, V4));

        Resolution resolution = resolver().resolve(SERVER);

        assertThat(resolution.endpoints()).containsExactly(V4_ENDPOINT, new Endpoint(0x20010db800000000L, 7, 51820));
        assertThat(resolution.addresses()).containsExactly(V4, V6);
        assertThat(resolution.problems()).isEmpty();
    }

    @Test
    void takesAddressesAsTheyAre() {
        var endpoints = List.of(new HostPort("203.0.113.7", 1), new HostPort("2001:db8::7", 2));

        assertThat(resolver().resolve(endpoints).endpoints())
                .containsExactly(Endpoint.ofIpv4(0xcb007107, 1), new Endpoint(0x20010db800000000L, 7, 2));
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void asksBesideTheTunnelIfItIsDown() {
        besideTunnel.put("vpn.example.net", List.of(V4));

        assertThat(resolver().resolve(SERVER).endpoints()).containsExactly(V4_ENDPOINT);
    }

    @Test
    void usesTheLastGoodAnswerAfterARestartAndSaysWhy() {
        throughTunnel.put("vpn.example.net", List.of(V4));
        resolver().resolve(SERVER);
        throughTunnel.clear();

        Resolution resolution = resolver().resolve(SERVER);

        assertThat(resolution.endpoints()).containsExactly(V4_ENDPOINT);
        assertThat(resolution.problems())
                .containsEntry(
                        "vpn.example.net",
                        "cannot find the address of vpn.example.net: nobody knows; using the last one known");
    }

    @Test
    void triesAgainLessAndLessOftenUntilItKnows() {
        EndpointResolver resolver = resolver();

        List<Duration> pauses = List.of(
                resolver.resolve(SERVER).retryAfter(),
                resolver.resolve(SERVER).retryAfter(),
                resolver.resolve(SERVER).retryAfter());
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        for (int i = 0; i < 10; i++) {
            resolver.resolve(SERVER);
        }
        assertThat(resolver.resolve(SERVER).retryAfter()).isEqualTo(Duration.ofMinutes(1));

        throughTunnel.put("vpn.example.net", List.of(V4));
        assertThat(resolver.resolve(SERVER).retryAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void ignoresAFileItCannotUnderstand() throws IOException {
        Files.writeString(state.resolve("endpoints"), "vpn.example.net not-an-address\n");

        assertThat(resolver().resolve(SERVER).endpoints()).isEmpty();
    }

    private EndpointResolver resolver() {
        return new EndpointResolver(List.of(from(throughTunnel), from(besideTunnel)), state.resolve("endpoints"));
    }

    private static NameLookup from(Map<String, List<InetAddress>> names) {
        return host -> {
            if (!names.containsKey(host)) {
                throw new UnknownHostException("nobody knows");
            }
            return names.get(host);
        };
    }
}
