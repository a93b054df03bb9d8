package io.onebox.engine.session;

import static io.onebox.engine.packet.IpFlyweight.CE;
import static io.onebox.engine.packet.IpFlyweight.ECT_0;
import static io.onebox.engine.packet.IpFlyweight.ECT_1;
import static io.onebox.engine.packet.IpFlyweight.NOT_ECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelEcnTest {

    private static final int DROP = -1;

    private final InnerPackets packets = new InnerPackets(8);
    private final IpFlyweight ip = new IpFlyweight();

    /// RFC 6040, figure 4; columns are what arrives outside: Not-ECT, ECT(0), ECT(1), CE.
    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0, -1", "2, 2, 2, 1, 3", "1, 1, 1, 1, 3", "3, 3, 3, 3, 3"})
    void takesOverWhatRoutersAdd(int inner, int afterNotEct, int afterEct0, int afterEct1, int afterCe) {
        assertThat(after(inner, NOT_ECT)).isEqualTo(afterNotEct);
        assertThat(after(inner, ECT_0)).isEqualTo(afterEct0);
        assertThat(after(inner, ECT_1)).isEqualTo(afterEct1);
        assertThat(after(inner, CE)).isEqualTo(afterCe);
    }

    private int after(int inner, int outer) {
        Packet ipv4 = InnerPackets.ecn(packets.ipv4(IpFlyweight.TCP, 1, 2, 60), inner);
        Packet ipv6 = InnerPackets.ecn(packets.ipv6(IpFlyweight.TCP, 1, 2, 60), inner);
        List<Integer> found = new ArrayList<>();
        for (Packet packet : List.of(ipv4, ipv6)) {
            ip.wrap(packet.segment(), packet.offset(), packet.length());
            found.add(TunnelEcn.takeOver(ip, outer) ? ip.ecn() : DROP);
        }
        assertThat(InnerPackets.onesSum(ipv4, 20)).isEqualTo(0xffff);
        ipv4.release();
        ipv6.release();
        assertThat(found.getFirst()).isEqualTo(found.getLast());
        return found.getFirst();
    }

    /// A router on the way marks every datagram that may be marked.
    @Test
    void carriesMarksFromEndToEnd() {
        var hosts = new TwoHosts(2);
        hosts.run(300);
        List<Integer> delivered = new ArrayList<>();
        hosts.server.onDelivered = packet -> {
            ip.wrap(packet.segment(), packet.offset(), packet.length());
            delivered.add(ip.ecn());
        };
        hosts.onWire = datagram -> datagram.ecn(datagram.ecn() == NOT_ECT ? NOT_ECT : CE);

        offer(hosts, ECT_0);
        hosts.run(100);
        assertThat(delivered).containsExactly(CE);
        offer(hosts, NOT_ECT);
        hosts.run(100);
        assertThat(delivered).containsExactly(CE, NOT_ECT);

        hosts.onWire = datagram -> datagram.ecn(CE);
        offer(hosts, NOT_ECT);
        hosts.run(100);
        assertThat(delivered).as("what cannot be marked is dropped").hasSize(2);
    }

    private static void offer(TwoHosts hosts, int ecn) {
        var own = new InnerPackets(hosts.client.pool);
        Packet packet = InnerPackets.ports(
                own.ipv4(IpFlyweight.UDP, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 200), 1, 2);
        hosts.client.sessions.onTunPacket(InnerPackets.ecn(packet, ecn), hosts.nowNs);
    }
}
