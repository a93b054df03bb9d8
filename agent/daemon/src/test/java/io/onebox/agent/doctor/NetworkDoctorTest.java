package io.onebox.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.NetworkNamespace;
import io.onebox.agent.linux.UdpOffload;
import io.onebox.agent.route.Nft;
import io.onebox.agent.route.Sysctls;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class NetworkDoctorTest {

    private final Libc libc = Libc.load();
    private final NetworkDoctor doctor = new NetworkDoctor(libc, Sysctls.ofThisMachine(), new Nft());
    private NetworkNamespace namespace;

    @BeforeEach
    void enter() {
        namespace = new NetworkNamespace(libc);
        namespace.shell("ip link add up1 type veth peer name far1; ip link set far1 up; ip link set up1 up");
    }

    @AfterEach
    void leave() {
        namespace.close();
    }

    @Test
    void isContentWithAFreshMachine() {
        assertThat(namespace.in(doctor::examine)).allMatch(check -> check.state() == Check.State.OK);
        assertThat(namespace.shell("nft list ruleset")).isEmpty();
    }

    @Test
    void warnsOfWhatOthersDid() {
        namespace.shell("""
                ip rule add priority 50 lookup 42
                ip address add 10.0.1.2/24 dev up1
                ip route add 0.0.0.0/1 via 10.0.1.1
                nft add table ip filter
                nft 'add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'
                echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
                """);

        assertThat(namespace.in(doctor::examine))
                .filteredOn(check -> check.state() == Check.State.WARN)
                .extracting(Check::name, Check::cause)
                .containsExactly(
                        tuple("policy routing", "rules of others with priority 50 are asked before or among ours"),
                        tuple("other tunnels", "routes 0.0.0.0/1 in the table main take what the tunnel should get"),
                        tuple("ipv6", "switched off"),
                        tuple("forwarding", "forwarded packets are dropped by default in ip filter FORWARD"));
    }

    @Test
    void namesWhatTheKernelCannotDoForUs() {
        assertThat(NetworkDoctor.offloads(Set.of(UdpOffload.UDP_SEGMENT), "6.1.0-18-amd64")
                        .cause())
                .startsWith("this kernel has no UDP_GRO, no UDP segmentation of TUN devices:");
        assertThat(NetworkDoctor.offloads(Set.of(UdpOffload.values()), "6.2.1").state())
                .isEqualTo(Check.State.OK);
    }

    @Test
    void saysWhyThereIsNoLink() {
        var selection = new LinkSelection(List.of("up*"), List.of(), List.of(), "onebox0");

        assertThat(namespace.in(() -> doctor.links(selection)).cause()).contains("up1 (no address)");

        namespace.shell("ip address add 10.0.1.2/24 dev up1; ip route add default via 10.0.1.1");
        assertThat(namespace.in(() -> doctor.links(selection))).isEqualTo(Check.ok("links", "up1"));
    }
}
