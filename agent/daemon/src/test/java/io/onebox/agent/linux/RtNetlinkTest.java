package io.onebox.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class RtNetlinkTest {

    private static final int TABLE = 7700;

    private final Libc libc = Libc.load();
    private NetworkNamespace namespace;
    private RtNetlink netlink;

    @BeforeEach
    void enter() {
        namespace = new NetworkNamespace(libc);
        namespace.shell("ip link add up1 type veth peer name far1");
        netlink = namespace.in(() -> new RtNetlink(libc));
    }

    @AfterEach
    void leave() {
        netlink.close();
        namespace.close();
    }

    @Test
    void listsInterfacesAsIpDoes() {
        assertThat(netlink.interfaces()).extracting(NetInterface::name).containsExactlyInAnyOrder("lo", "up1", "far1");
        assertThat(up1().kind()).isEqualTo("veth");
        assertThat(up1().isUp()).isFalse();
        assertThat(netlink.findInterface("lo").orElseThrow().isLoopback()).isTrue();
    }

    @Test
    void setsAnInterfaceUpAndGivesItAddressesAndMtu() {
        netlink.mtu(up1(), 1400);
        netlink.gsoMaxSize(up1(), 61_500);
        netlink.up(up1());
        netlink.up(netlink.findInterface("far1").orElseThrow());
        netlink.add(up1(), Cidr.of("10.77.0.2/24"));
        netlink.add(up1(), Cidr.of("10.77.0.2/24"));
        netlink.add(up1(), Cidr.of("fd77::2/64"));

        assertThat(up1().isUp()).isTrue();
        assertThat(up1().hasCarrier()).isTrue();
        assertThat(up1().mtuBytes()).isEqualTo(1400);
        assertThat(namespace.shell("ip -d link show up1")).contains("gso_max_size 61500");
        assertThat(netlink.addresses())
                .filteredOn(address -> address.interfaceIndex() == up1().index() && address.isGlobal())
                .extracting(NetAddress::address)
                .containsExactlyInAnyOrder(Cidr.of("10.77.0.2/24"), Cidr.of("fd77::2/64"));
        assertThat(netlink.addresses()).filteredOn(NetAddress::isGlobal).allMatch(NetAddress::isUsable);

        netlink.remove(up1(), Cidr.of("10.77.0.2/24"));
        assertThat(namespace.shell("ip -4 address show up1")).doesNotContain("10.77.0.2");
    }

    @Test
    void addsAndRemovesRoutesOfAnyTable() {
        netlink.up(up1());
        var captured = NetRoute.into(up1().index(), TABLE, Cidr.of("0.0.0.0/0"), RtNetlink.PROTOCOL);
        var captured6 = NetRoute.into(up1().index(), TABLE, Cidr.of("2001:db8::/32"), RtNetlink.PROTOCOL);

        netlink.add(captured);
        netlink.add(captured6);

        assertThat(namespace.shell("ip route show table 7700")).startsWith("default dev up1 proto 111 scope link");
        assertThat(namespace.shell("ip -6 route show table 7700")).startsWith("2001:db8::/32 dev up1 proto 111");
        assertThat(netlink.routes()).contains(captured);
        netlink.routes().stream().filter(route -> route.table() == TABLE).forEach(netlink::remove);
        assertThat(netlink.routes()).noneMatch(route -> route.table() == TABLE);
    }

    @Test
    void addsAndRemovesRules() {
        for (IpFamily family : IpFamily.values()) {
            var unmarked = NetRule.Selector.all(family).marked(0, 0x2000000);
            var rules = List.of(
                    NetRule.lookup(unmarked, 10, TABLE, RtNetlink.PROTOCOL),
                    NetRule.lookup(unmarked, 11, RtNetlink.MAIN_TABLE, RtNetlink.PROTOCOL)
                            .suppressing(0),
                    NetRule.unreachable(unmarked, 12, RtNetlink.PROTOCOL),
                    NetRule.lookup(NetRule.Selector.all(family).outOf("up1"), 13, TABLE, 0));

            rules.forEach(netlink::add);

            assertThat(netlink.rules()).containsAll(rules);
            rules.forEach(netlink::remove);
            assertThat(netlink.rules()).doesNotContainAnyElementsOf(rules);
        }
    }

    @Test
    void writesRulesAsIpReadsThem() {
        var unmarked = NetRule.Selector.all(IpFamily.IPV4).marked(0, 0x2000000);
        netlink.add(NetRule.lookup(unmarked, 11, RtNetlink.MAIN_TABLE, RtNetlink.PROTOCOL)
                .suppressing(0));
        netlink.add(NetRule.unreachable(unmarked.to(Cidr.of("10.9.0.0/16")), 12, RtNetlink.PROTOCOL));

        assertThat(namespace.shell("ip rule"))
                .contains("11:\tfrom all fwmark 0/0x2000000 lookup main suppress_prefixlength 0 proto 111")
                .contains("12:\tfrom all to 10.9.0.0/16 fwmark 0/0x2000000 unreachable proto 111");
    }

    @Test
    void saysWhatTheKernelRefusesAndWhy() {
        var route = NetRoute.into(4711, TABLE, Cidr.of("10.9.0.0/16"), RtNetlink.PROTOCOL);

        assertThatThrownBy(() -> netlink.add(route))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("add route 10.9.0.0/16 table 7700: ENODEV");
    }

    @Test
    void readsRoutesOtherProgramsMade() {
        netlink.up(up1());
        netlink.up(netlink.findInterface("far1").orElseThrow());
        namespace.shell("ip address add 10.0.1.2/24 dev up1");
        namespace.shell("ip address add 10.0.2.2/24 dev far1");
        namespace.shell("ip route add default metric 5 nexthop via 10.0.1.1 dev up1 nexthop via 10.0.2.1 dev far1");
        namespace.shell("ip -6 route add unreachable ::ffff:0:0/96 metric 9");

        assertThat(netlink.routes())
                .filteredOn(route -> route.destination().isDefault() && route.table() == RtNetlink.MAIN_TABLE)
                .singleElement()
                .satisfies(route -> assertThat(route.interfaces()).hasSize(2))
                .satisfies(route -> assertThat(route.metric()).isEqualTo(5));
    }

    @Test
    void tellsTheNews() {
        List<RtNetlinkMessage> heard = new ArrayList<>();
        try (RtNetlinkNews news = namespace.in(() -> new RtNetlinkNews(libc))) {
            namespace.shell("ip link del up1; ip rule add from 10.0.1.2 lookup 101");

            assertThat(news.read(heard::add)).isTrue();
        }

        assertThat(heard)
                .anyMatch(message -> message instanceof RtNetlinkMessage.Absent(NetInterface gone)
                        && gone.name().equals("up1"))
                .anyMatch(message -> message instanceof RtNetlinkMessage.Present(NetRule rule) && rule.table() == 101);
    }

    /// What waited when the buffer overran is older than what is read anew, and must not come after it.
    @Test
    void saysThatNewsWereLostAndKeepsNoneFromBefore() {
        NetInterface changed = up1();
        List<RtNetlinkMessage> heard = new ArrayList<>();
        try (RtNetlinkNews news = namespace.in(() -> new RtNetlinkNews(libc))) {
            for (int i = 0; i < 3_000; i++) {
                netlink.mtu(changed, 1300 + i % 2);
            }

            assertThat(news.read(heard::add)).isFalse();
            assertThat(news.read(heard::add)).isTrue();
            assertThat(heard).isEmpty();

            netlink.mtu(changed, 1400);
            assertThat(news.read(heard::add)).isTrue();
            assertThat(heard).isNotEmpty();
        }
    }

    private NetInterface up1() {
        return netlink.findInterface("up1").orElseThrow();
    }
}
