package io.onebox.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.queue.FlowTable.Kind;
import org.junit.jupiter.api.Test;

class FlowTableTest {

    private static final long MS = 1_000_000;

    private final InnerPackets packets = new InnerPackets(1);
    private final IpFlyweight ip = new IpFlyweight();
    private final FlowTable table = new FlowTable();

    private Kind udp(int port, int length, long nowNs) {
        return count(InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, 1, 2, length), port, 5_000), nowNs);
    }

    private Kind tcp(int port, int flags, int payload) {
        Packet packet = InnerPackets.ports(packets.ipv4(IpFlyweight.TCP, 1, 2, 40 + payload), 40_000, port);
        InnerPackets.set(packet, 32, 5 << 12 | flags);
        return count(packet, 0);
    }

    private Kind count(Packet packet, long nowNs) {
        ip.wrap(packet.segment(), packet.offset(), packet.length());
        Kind kind = table.onPacket(ip, ip.flowHash(), packet.length(), nowNs);
        packet.release();
        return kind;
    }

    @Test
    void aCallStaysSparse() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(udp(1, 200, i * 20L * MS)).isEqualTo(Kind.SPARSE);
        }
    }

    @Test
    void aDownloadBecomesBulkAfterItsFirstPackets() {
        for (int i = 0; i < 30; i++) {
            assertThat(udp(1, 1_400, i * MS)).isEqualTo(Kind.SPARSE);
        }
        assertThat(udp(1, 1_400, 30 * MS)).isEqualTo(Kind.BULK);
        assertThat(udp(2, 100, 30 * MS)).as("another flow").isEqualTo(Kind.SPARSE);
    }

    @Test
    void bulkStaysBulkUntilItPauses() {
        for (int i = 0; i < 100; i++) {
            udp(1, 1_400, i * MS);
        }

        assertThat(udp(1, 100, 1_000 * MS)).isEqualTo(Kind.BULK);
        assertThat(udp(1, 100, 2_000 * MS)).isEqualTo(Kind.BULK);
        assertThat(udp(1, 100, 5_000 * MS)).isEqualTo(Kind.SPARSE);
    }

    @Test
    void tcpIsBulkFromItsFirstPacket() {
        assertThat(tcp(443, 0x02, 0)).as("SYN").isEqualTo(Kind.BULK);
        assertThat(tcp(443, 0x18, 500)).isEqualTo(Kind.BULK);
    }

    @Test
    void anAcknowledgementIsNeither() {
        assertThat(tcp(443, 0x10, 0)).isEqualTo(Kind.ACKNOWLEDGEMENT);
    }

    @Test
    void aRemoteShellIsSparse() {
        assertThat(tcp(22, 0x18, 36)).isEqualTo(Kind.SPARSE);
    }

    @Test
    void aMarkedPacketIsSparseWhateverItsFlow() {
        for (int i = 0; i < 100; i++) {
            Packet packet = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, 1, 2, 1_400), 9, 9);
            InnerPackets.set(packet, 0, 0x4500 | 46 << 2);
            assertThat(count(packet, i * MS)).as("expedited forwarding").isEqualTo(Kind.SPARSE);
        }
    }

    @Test
    void aFlowIsSparseAtTimeZero() {
        assertThat(udp(1, 1_400, 0)).isEqualTo(Kind.SPARSE);
    }
}
