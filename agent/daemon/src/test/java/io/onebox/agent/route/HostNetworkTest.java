package io.onebox.agent.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A multi-WAN host with a table for each uplink, and a veth in place of the TUN device, which routes alike.
///
/// ```
///   up1 10.0.1.2/24, table 101 ─┐
///                               ├─ host ─── onebox0 10.77.0.2/32
///   up2 10.0.2.2/24, table 102 ─┘
/// ```
@Tag("system")
class HostNetworkTest {

    private static final List<Cidr> EVERYTHING = List.of(Cidr.of("0.0.0.0/0"), Cidr.of("::/0"));
    private static final List<Cidr> ADDRESSES = List.of(Cidr.of("10.77.0.2/32"), Cidr.of("fd77::2/128"));
    private static final List<String> LINKS = List.of("up1", "up2");
    private static final String MARKED = " mark " + PolicyRoutes.SOCKET_MARK;

    private final Libc libc = Libc.load();
    private NetworkNamespace namespace;
    private HostNetwork host;

    @TempDir
    Path state;

    @BeforeEach
    void multiWan() {
        namespace = new NetworkNamespace(libc);
        namespace.shell("echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode");
        for (int i = 1; i <= 2; i++) {
            namespace.shell("""
                    ip link add up%1$d type veth peer name far%1$d
                    ip link set far%1$d up
                    ip link set up%1$d up
                    ip address add 10.0.%1$d.2/24 dev up%1$d
                    ip address add fd00:0:0:%1$d::2/64 dev up%1$d nodad
                    ip route add default via 10.0.%1$d.1 dev up%1$d metric %1$d
                    ip -6 route add default via fd00:0:0:%1$d::1 dev up%1$d metric %1$d
                    ip route add default via 10.0.%1$d.1 dev up%1$d table 10%1$d
                    ip -6 route add default via fd00:0:0:%1$d::1 dev up%1$d table 10%1$d
                    ip rule add from 10.0.%1$d.2 lookup 10%1$d priority 100
                    ip rule add oif up%1$d lookup 10%1$d priority 101
                    ip -6 rule add from fd00:0:0:%1$d::2 lookup 10%1$d priority 100
                    ip -6 rule add oif up%1$d lookup 10%1$d priority 101
                    """.formatted(i));
        }
        namespace.shell("echo 1 > /proc/sys/net/ipv4/conf/up1/rp_filter");
        namespace.shell("ip link add onebox0 type veth peer name faro; ip link set faro up");
        host = open();
    }

    @AfterEach
    void leave() {
        namespace.close();
    }

    @Test
    void preparesTheTunnelInterface() {
        tunnel();

        assertThat(namespace.shell("ip address show onebox0"))
                .contains("mtu 1380")
                .contains("inet 10.77.0.2/32")
                .contains("inet6 fd77::2/128")
                .doesNotContain("fe80:")
                .doesNotContain("tentative");

        namespace.in(() -> {
            host.tunnel(List.of(Cidr.of("10.77.0.3/32")), 1300);
            return null;
        });
        assertThat(namespace.shell("ip address show onebox0"))
                .contains("mtu 1300")
                .contains("inet 10.77.0.3/32")
                .doesNotContain("10.77.0.2")
                .doesNotContain("fd77::2");
    }

    @Test
    void capturesEverythingButMarkedSockets() {
        client(new ClientRouting("onebox0", EVERYTHING, false));

        assertThat(route("8.8.8.8")).contains("dev onebox0").contains("src 10.77.0.2");
        assertThat(route("2001:db8::8")).contains("dev onebox0").contains("src fd77::2");
        assertThat(route("8.8.8.8 from 10.0.1.2")).contains("dev onebox0");
        assertThat(route("8.8.8.8" + MARKED)).contains("via 10.0.1.1 dev up1");
        assertThat(route("8.8.8.8 oif up2" + MARKED)).contains("via 10.0.2.1 dev up2");
        assertThat(route("8.8.8.8 from 10.0.2.2" + MARKED)).contains("via 10.0.2.1 dev up2");
        assertThat(route("2001:db8::8 oif up2" + MARKED)).contains("via fd00:0:0:2::1 dev up2");
    }

    /// Where it finds no route for a bound IPv4 socket, the kernel takes the destination for a neighbour.
    @Test
    void leaksNothingThroughTheTablesOfTheUplinks() {
        client(new ClientRouting("onebox0", EVERYTHING, false));

        assertThat(route("8.8.8.8 oif up1")).doesNotContain("via");
        assertUnreachable("2001:db8::8 oif up1");

        namespace.shell("ping -c 1 -W 1 -I up1 8.8.8.8 || true");
        namespace.shell("ping -c 1 -W 1 -I up1 10.0.1.9 || true");
        assertThat(namespace.shell("nft list chain inet onebox output"))
                .containsPattern("ip daddr != .* counter packets 1 bytes");
    }

    @Test
    void keepsConnectedNetworksReachable() {
        client(new ClientRouting("onebox0", EVERYTHING, false));

        assertThat(route("10.0.1.9")).contains("dev up1");
        assertThat(route("10.0.2.9 oif up2")).contains("dev up2");
        assertThat(route("fd00:0:0:1::9")).contains("dev up1");
    }

    @Test
    void capturesAListedPrefixEvenIfItIsConnectedAndNothingElse() {
        client(new ClientRouting("onebox0", List.of(Cidr.of("10.0.1.128/25"), Cidr.of("fd99::/64")), false));

        assertThat(route("10.0.1.200")).contains("dev onebox0");
        assertThat(route("10.0.1.9")).contains("dev up1");
        assertThat(route("8.8.8.8")).contains("dev up1");
        assertThat(route("fd99::1")).contains("dev onebox0");
        assertThat(namespace.shell("nft list chain inet onebox output"))
                .contains("ip daddr 10.0.1.128/25 counter")
                .contains("ip6 daddr fd99::/64 counter");
    }

    @Test
    void failsClosedWithoutTheTunnel() {
        client(new ClientRouting("onebox0", EVERYTHING, false));

        namespace.shell("ip link del onebox0");

        assertUnreachable("8.8.8.8");
        assertUnreachable("2001:db8::8");
        assertThat(route("8.8.8.8 oif up2" + MARKED)).contains("dev up2");
        assertThat(route("10.0.1.9")).contains("dev up1");
    }

    @Test
    void survivesTheLossAndTheReturnOfLinks() {
        client(new ClientRouting("onebox0", EVERYTHING, false));

        namespace.shell("ip link set up1 down; ip link del up2");
        assertThat(route("8.8.8.8")).contains("dev onebox0");

        namespace.shell("ip link set up1 up; ip route replace default via 10.0.1.1 dev up1 table 101");
        assertThat(route("8.8.8.8")).contains("dev onebox0");
        assertThat(route("8.8.8.8 oif up1" + MARKED)).contains("dev up1");
    }

    @Test
    void putsTheHostBackAsItWas() {
        namespace.shell("ip link set onebox0 up; ip address add 10.77.0.2/32 dev onebox0;"
                + " ip address add fd77::2/128 dev onebox0 nodad");
        String before = hostState();

        client(new ClientRouting("onebox0", EVERYTHING, true));
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/conf/up1/rp_filter")).isEqualTo("2\n");
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/ip_forward")).isEqualTo("1\n");
        assertThat(namespace.shell("nft list table inet onebox"))
                .contains("masquerade")
                .contains("rt mtu");
        client(new ClientRouting("onebox0", EVERYTHING, true));
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/conf/up1/rp_filter")).isEqualTo("2\n");

        close(host);

        assertThat(hostState()).isEqualTo(before);
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void cleansUpAfterACrash() {
        namespace.shell("ip link set onebox0 up");
        String before = hostState().replaceAll("(?m)^.*(onebox0|faro).*\n", "");
        client(new ClientRouting("onebox0", EVERYTHING, true));
        namespace.shell("ip link del onebox0");

        open();

        assertThat(hostState()).isEqualTo(before);
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void followsAnotherConfiguration() {
        client(new ClientRouting("onebox0", EVERYTHING, true));

        client(new ClientRouting("onebox0", List.of(Cidr.of("10.9.0.0/16")), false));

        assertThat(route("8.8.8.8")).contains("dev up1");
        assertThat(route("10.9.1.1")).contains("dev onebox0");
        assertThat(namespace.shell("nft list table inet onebox")).doesNotContain("masquerade");
        assertThat(namespace.shell("cat /proc/sys/net/ipv4/ip_forward")).isEqualTo("0\n");
    }

    @Test
    void makesAgainWhatOthersRemove() {
        client(new ClientRouting("onebox0", EVERYTHING, false));
        namespace.shell("ip rule del priority 58; ip -6 route flush table 7701");
        assertUnreachable("8.8.8.8");

        assertThat(namespace.in(host::repair)).isEqualTo(2);

        assertThat(route("8.8.8.8")).contains("dev onebox0");
        assertThat(route("2001:db8::8")).contains("dev onebox0");
        assertThat(namespace.in(host::repair)).isZero();
    }

    @Test
    void leavesNothingBehindIfItFails() {
        namespace.shell("ip link del onebox0");
        String before = hostState();

        assertThatThrownBy(() -> client(new ClientRouting("onebox0", EVERYTHING, true)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("onebox0");

        assertThat(hostState()).isEqualTo(before);
    }

    @Test
    void forwardsAndMasqueradesForAServer() {
        List<Cidr> clients = List.of(Cidr.of("10.77.0.3/32"), Cidr.of("10.88.0.3/32"), Cidr.of("fd88::3/128"));
        namespace.in(() -> {
            host.tunnel(List.of(Cidr.of("10.77.0.1/24"), Cidr.of("fd77::1/64")), 1380);
            host.server(new ServerForwarding("onebox0", clients, true, ServerForwarding.AUTO, false));
            return null;
        });

        assertThat(namespace.shell("nft list table inet onebox"))
                .contains("oifname { \"up1\", \"up2\" } masquerade")
                .containsPattern("iifname \"onebox0\" oifname \"onebox0\" .*drop");
        assertThat(namespace.shell("ip route show dev onebox0"))
                .contains("10.88.0.3")
                .doesNotContain("10.77.0.3");
        assertThat(route("fd88::3")).contains("dev onebox0");
        assertThat(namespace.shell("cat /proc/sys/net/ipv6/conf/all/forwarding"))
                .isEqualTo("1\n");

        close(host);
        assertThat(namespace.shell("nft list tables; ip route show dev onebox0"))
                .doesNotContain("inet onebox", "10.88");
    }

    @Test
    void sharesANamespaceWithAnotherAgent() {
        namespace.shell("ip link add wan.5 type veth peer name farw; ip link set farw up");
        HostNetwork other = namespace.in(() -> HostNetwork.open(libc, state, "server", "wan.5"));
        client(new ClientRouting("onebox0", EVERYTHING, true));
        namespace.in(() -> {
            other.tunnel(List.of(Cidr.of("10.66.0.1/24")), 1380);
            other.server(new ServerForwarding("wan.5", List.of(), true, "up1", true));
            return null;
        });
        assertThat(namespace.shell("nft list tables")).contains("table inet onebox\n", "table inet onebox_wan_5\n");

        close(host);

        assertThat(namespace.shell("nft list tables")).isEqualTo("table inet onebox_wan_5\n");
    }

    private HostNetwork open() {
        return namespace.in(() -> HostNetwork.open(libc, state, "client", "onebox0"));
    }

    private void close(HostNetwork closed) {
        namespace.in(() -> {
            closed.close();
            return null;
        });
    }

    private void tunnel() {
        namespace.in(() -> {
            host.tunnel(ADDRESSES, 1380);
            return null;
        });
    }

    private void client(ClientRouting routing) {
        namespace.in(() -> {
            if (!namespaceLacksTunnel()) {
                host.tunnel(ADDRESSES, 1380);
            }
            host.client(routing, LINKS);
            return null;
        });
    }

    private static boolean namespaceLacksTunnel() {
        return !Path.of("/proc/sys/net/ipv4/conf/onebox0").toFile().exists();
    }

    private String route(String query) {
        return namespace.shell("ip route get " + query);
    }

    private void assertUnreachable(String query) {
        assertThatThrownBy(() -> route(query)).hasMessageMatching("(?s).*(No route to host|Network is unreachable).*");
    }

    private String hostState() {
        return namespace.shell("""
                ip rule; ip -6 rule
                ip route show table all; ip -6 route show table all
                nft list ruleset
                cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding
                grep . /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv6/conf/*/accept_ra
                """);
    }
}
