package io.onebox.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.link.LinkEvent.Appeared;
import io.onebox.agent.link.LinkEvent.Changed;
import io.onebox.agent.link.LinkEvent.Gone;
import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.IpFamily;
import io.onebox.agent.linux.NetRule;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkEntry.NetAddress;
import io.onebox.agent.linux.RtNetlinkEntry.NetInterface;
import io.onebox.agent.linux.RtNetlinkEntry.NetRoute;
import io.onebox.agent.linux.RtNetlinkMessage.Absent;
import io.onebox.agent.linux.RtNetlinkMessage.Present;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkTableTest {

    private static final int MARK = 0x2000000;
    private static final int UP1 = 7;
    private static final Cidr ADDRESS = Cidr.of("10.0.1.2/24");
    private static final NetAddress UP1_ADDRESS = new NetAddress(UP1, ADDRESS, true, true, false);

    private final LinkTable table =
            new LinkTable(new LinkSelection(List.of("*"), List.of("docker*"), List.of(), "onebox0"), MARK);

    @BeforeEach
    void oneLink() {
        table.replace(List.of(up("up1", UP1)), List.of(UP1_ADDRESS));
        table.routes(List.of(defaultRoute(UP1)), List.of());
        assertThat(table.update()).containsExactly(new Appeared(link(0, "up1", UP1)));
    }

    @Test
    void saysNothingWhenNothingHasChanged() {
        table.apply(new Present(up("up1", UP1)));
        table.apply(new Present(UP1_ADDRESS));

        assertThat(table.isStale()).isFalse();
        assertThat(table.update()).isEmpty();
    }

    @Test
    void losesALinkWithItsCarrierAndGetsItBack() {
        table.apply(new Present(new NetInterface(UP1, "up1", 1500, "", true, false, false)));
        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "no carrier"));
        assertThat(table.unused()).containsExactly(new Unused("up1", "no carrier"));

        table.apply(new Present(up("up1", UP1)));
        assertThat(table.update()).containsExactly(new Appeared(link(0, "up1", UP1)));
    }

    @Test
    void followsAChangeOfAddress() {
        var renewed = new NetAddress(UP1, Cidr.of("10.0.1.77/24"), true, true, false);

        table.apply(new Present(renewed));
        table.apply(new Absent(UP1_ADDRESS));

        assertThat(table.isStale()).isTrue();
        assertThat(table.update())
                .containsExactly(new Changed(
                        link(0, "up1", UP1), new Link(0, "up1", UP1, 1500, List.of(Cidr.of("10.0.1.77/24")))));
    }

    @Test
    void losesALinkWithItsLastAddress() {
        table.apply(new Absent(UP1_ADDRESS));

        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "no address"));
    }

    @Test
    void losesALinkWithItsRoute() {
        table.apply(new Absent(defaultRoute(UP1)));
        assertThat(table.isStale()).isTrue();

        table.routes(List.of(), List.of());

        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "no default route"));
    }

    @Test
    void tellsAnInterfaceMadeAnewFromTheOldOneAndKeepsTheId() {
        table.apply(new Absent(up("up1", UP1)));
        table.apply(new Present(up("up1", 9)));
        table.apply(new Present(new NetAddress(9, ADDRESS, true, true, false)));
        table.routes(List.of(defaultRoute(9)), List.of());

        assertThat(table.update())
                .containsExactly(
                        new Gone(link(0, "up1", UP1), "interface was made anew"), new Appeared(link(0, "up1", 9)));
    }

    @Test
    void takesARenamedInterfaceForAnotherLink() {
        table.apply(new Present(up("wan", UP1)));

        assertThat(table.update())
                .containsExactly(new Gone(link(0, "up1", UP1), "interface is gone"), new Appeared(link(1, "wan", UP1)));
    }

    @Test
    void keepsTheIdOfAnInterfaceThatComesBack() {
        table.apply(new Absent(up("up1", UP1)));
        table.update();
        table.apply(new Present(up("up2", 8)));
        table.apply(new Present(new NetAddress(8, Cidr.of("10.0.2.2/24"), true, true, false)));
        table.routes(List.of(defaultRoute(8)), List.of());
        table.update();

        assertThat(table.links()).extracting(Link::id).containsExactly(1);
    }

    @Test
    void countsARouteInATableOfTheUplinksOwn() {
        var own = NetRule.lookup(NetRule.Selector.all(IpFamily.IPV4).from(Cidr.of("10.0.1.2/32")), 1000, 101, 0);
        var bound = NetRule.lookup(NetRule.Selector.all(IpFamily.IPV4).outOf("up1"), 1000, 101, 0);
        var other = NetRule.lookup(NetRule.Selector.all(IpFamily.IPV4).outOf("up2"), 1000, 101, 0);
        NetRoute route = route(UP1, 101, "0.0.0.0/0");

        table.routes(List.of(route), List.of(own));
        assertThat(table.update()).isEmpty();
        table.routes(List.of(route), List.of(bound));
        assertThat(table.update()).isEmpty();
        table.routes(List.of(route), List.of(other));
        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "no default route"));
    }

    @Test
    void ignoresTablesOurSocketsNeverAsk() {
        var unmarked = NetRule.lookup(NetRule.Selector.all(IpFamily.IPV4).marked(0, MARK), 10, 7700, 0);
        var foreignMark = NetRule.lookup(NetRule.Selector.all(IpFamily.IPV4).marked(1, -1), 10, 7700, 0);

        table.routes(List.of(route(UP1, 7700, "0.0.0.0/0")), List.of(unmarked, foreignMark));

        assertThat(table.update()).hasSize(1);
    }

    @Test
    void countsARouteToTheServerAlone() {
        table.endpoints(List.of(InetAddress.ofLiteral("203.0.113.7")));
        table.routes(List.of(route(UP1, RtNetlink.MAIN_TABLE, "203.0.113.0/24")), List.of());

        assertThat(table.update()).isEmpty();
    }

    @Test
    void tellsTheFamiliesApart() {
        table.apply(new Present(new NetAddress(UP1, Cidr.of("2001:db8::2/64"), true, true, false)));
        table.update();
        assertThat(table.links().getFirst().ipv6()).isFalse();

        table.routes(List.of(defaultRoute(UP1), route(UP1, RtNetlink.MAIN_TABLE, "::/0")), List.of());
        table.update();

        assertThat(table.links().getFirst().ipv6()).isTrue();
        assertThat(table.links().getFirst().source(IpFamily.IPV6)).contains(InetAddress.ofLiteral("2001:db8::2"));
    }

    @Test
    void doesNotUseAddressesOnTrialOrOfTheLinkAlone() {
        table.apply(new Absent(UP1_ADDRESS));
        table.apply(new Present(new NetAddress(UP1, Cidr.of("2001:db8::2/64"), true, false, false)));
        table.apply(new Present(new NetAddress(UP1, Cidr.of("169.254.3.4/16"), true, true, false)));
        table.apply(new Present(new NetAddress(UP1, Cidr.of("fe80::2/64"), false, true, false)));

        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "no address"));
    }

    @Test
    void saysWhyAnInterfaceIsNoLink() {
        table.apply(new Present(new NetInterface(1, "lo", 65536, "", true, true, true)));
        table.apply(new Present(up("docker0", 2)));
        table.apply(new Present(new NetInterface(3, "eth1", 1500, "", false, false, false)));
        table.apply(new Present(up("eth2", 4)));
        table.apply(new Present(up("onebox0", 5)));
        table.update();

        assertThat(table.unused())
                .containsExactly(
                        new Unused("docker0", "excluded by [links] exclude = \"docker*\""),
                        new Unused("eth1", "interface is down"),
                        new Unused("eth2", "no address"),
                        new Unused("lo", "loopback"),
                        new Unused("onebox0", "it is the tunnel itself"));
    }

    @Test
    void followsAnotherSelection() {
        table.select(new LinkSelection(List.of("wan*"), List.of(), List.of(), "onebox0"));
        assertThat(table.update()).containsExactly(new Gone(link(0, "up1", UP1), "not in [links] include"));

        table.select(new LinkSelection(List.of("wan*"), List.of(), List.of("up1"), "onebox0"));
        assertThat(table.update()).containsExactly(new Appeared(link(0, "up1", UP1)));
    }

    private static Link link(int id, String name, int index) {
        return new Link(id, name, index, 1500, List.of(ADDRESS));
    }

    private static NetInterface up(String name, int index) {
        return new NetInterface(index, name, 1500, "", true, true, false);
    }

    private static NetRoute defaultRoute(int index) {
        return route(index, RtNetlink.MAIN_TABLE, "0.0.0.0/0");
    }

    private static NetRoute route(int index, int table, String destination) {
        Cidr prefix = Cidr.of(destination);
        return new NetRoute(
                NetRoute.Kind.UNICAST,
                table,
                prefix,
                Cidr.everything(prefix.family()),
                100,
                Set.of(index),
                Optional.empty(),
                4);
    }
}
