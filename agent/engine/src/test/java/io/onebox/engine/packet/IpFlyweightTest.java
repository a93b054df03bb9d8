package io.onebox.engine.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IpFlyweightTest {

    private static final int SOURCE = 0x0a4d0002;
    private static final int TARGET = 0xc0000201;

    private final InnerPackets packets = new InnerPackets(8);
    private final IpFlyweight ip = new IpFlyweight();

    private boolean wrap(Packet packet) {
        return ip.wrap(packet.segment(), packet.offset(), packet.length());
    }

    private IpFlyweight over(Packet packet) {
        assertThat(wrap(packet)).isTrue();
        return ip;
    }

    private Packet tcp(int flags, int dataOffsetWords, int payload) {
        Packet packet = packets.ipv4(IpFlyweight.TCP, SOURCE, TARGET, 20 + dataOffsetWords * 4 + payload);
        InnerPackets.ports(packet, 40_000, 443);
        InnerPackets.set(packet, 32, dataOffsetWords << 12 | flags);
        return packet;
    }

    @Test
    void readsAnIpv4Header() {
        Packet packet = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100);
        InnerPackets.set(packet, 0, 0x4500 | 46 << 2 | 1);

        over(packet);

        assertThat(ip.version()).isEqualTo(4);
        assertThat(ip.sourceHigh()).isZero();
        assertThat(ip.sourceLow()).isEqualTo(0xffff_0a4d_0002L);
        assertThat(ip.destinationHigh()).isZero();
        assertThat(ip.destinationLow()).isEqualTo(0xffff_c000_0201L);
        assertThat(ip.protocol()).isEqualTo(17);
        assertThat(ip.dscp()).isEqualTo(46);
        assertThat(ip.ecn()).isEqualTo(1);
    }

    @Test
    void readsAnIpv6Header() {
        Packet packet = packets.ipv6(IpFlyweight.TCP, 1, 2, 100);
        InnerPackets.set(packet, 0, 0x6000 | (46 << 2 | 2) << 4);

        over(packet);

        assertThat(ip.version()).isEqualTo(6);
        assertThat(ip.sourceHigh()).isEqualTo(0x20010db800000000L);
        assertThat(ip.sourceLow()).isEqualTo(1);
        assertThat(ip.destinationHigh()).isEqualTo(0x20010db800000000L);
        assertThat(ip.destinationLow()).isEqualTo(2);
        assertThat(ip.protocol()).isEqualTo(6);
        assertThat(ip.dscp()).isEqualTo(46);
        assertThat(ip.ecn()).isEqualTo(2);
    }

    @Test
    void takesAPacketOnlyIfItIsAsLongAsItsHeaderSays() {
        Packet four = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100);
        Packet six = packets.ipv6(IpFlyweight.UDP, 1, 2, 100);

        for (int length = 0; length <= 200; length++) {
            assertThat(ip.wrap(four.segment(), four.offset(), length)).isEqualTo(length == 100);
            assertThat(ip.wrap(six.segment(), six.offset(), length)).isEqualTo(length == 100);
        }
    }

    @Test
    void refusesHeadersThatCannotBe() {
        Packet shortHeader = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100);
        InnerPackets.set(shortHeader, 0, 0x4400);
        Packet longHeader = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 56);
        InnerPackets.set(longHeader, 0, 0x4f00);
        Packet seven = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100);
        InnerPackets.set(seven, 0, 0x7500);

        assertThat(wrap(shortHeader)).isFalse();
        assertThat(wrap(longHeader)).isFalse();
        assertThat(wrap(seven)).isFalse();
        assertThat(ip.wrap(MemorySegment.NULL, 0, 0)).isFalse();
    }

    @Test
    void findsPortsBehindOptions() {
        Packet packet = packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100);
        InnerPackets.set(packet, 0, 0x4600);
        InnerPackets.set(packet, 24, 53);

        assertThat(over(packet).hasPort(53)).isTrue();
        assertThat(ip.hasPort(0)).isTrue();
        assertThat(ip.hasPort(54)).isFalse();
    }

    @Test
    void aFragmentHasNoPorts() {
        Packet first = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 7, 53);
        InnerPackets.set(first, 6, 0x2000);
        Packet last = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 7, 53);
        InnerPackets.set(last, 6, 100);
        Packet whole = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 7, 53);
        InnerPackets.set(whole, 6, 0x4000);

        assertThat(over(first).hasPort(53)).isFalse();
        assertThat(over(last).hasPort(53)).isFalse();
        assertThat(over(whole).hasPort(53)).as("do not fragment").isTrue();
    }

    @Test
    void allFragmentsOfAPacketAreOfOneFlow() {
        Packet first = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 7, 53);
        InnerPackets.set(first, 6, 0x2000);
        Packet last = InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 60), 1, 2);
        InnerPackets.set(last, 6, 100);

        assertThat(over(first).flowHash()).isEqualTo(over(last).flowHash());
    }

    @Test
    void flowsDifferByAddressProtocolAndPort() {
        int hash = over(InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 7, 53))
                .flowHash();

        assertThat(over(InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 900), 7, 53))
                        .flowHash())
                .isEqualTo(hash);
        assertThat(over(InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 100), 8, 53))
                        .flowHash())
                .isNotEqualTo(hash);
        assertThat(over(InnerPackets.ports(packets.ipv4(IpFlyweight.TCP, SOURCE, TARGET, 100), 7, 53))
                        .flowHash())
                .isNotEqualTo(hash);
        assertThat(over(InnerPackets.ports(packets.ipv4(IpFlyweight.UDP, TARGET, SOURCE, 100), 7, 53))
                        .flowHash())
                .isNotEqualTo(hash);
    }

    @Test
    void knowsAnAcknowledgementFromDataAndFromControl() {
        assertThat(over(tcp(0x10, 5, 0)).isPureAck()).isTrue();
        assertThat(over(tcp(0x10, 8, 0)).isPureAck()).as("with timestamps").isTrue();
        assertThat(over(tcp(0x18, 5, 1)).isPureAck()).as("with a byte of data").isFalse();
        assertThat(over(tcp(0x02, 5, 0)).isPureAck()).as("SYN").isFalse();
        assertThat(over(tcp(0x11, 5, 0)).isPureAck()).as("FIN").isFalse();
        assertThat(over(tcp(0x14, 5, 0)).isPureAck()).as("RST").isFalse();
        assertThat(over(packets.ipv4(IpFlyweight.UDP, SOURCE, TARGET, 40)).isPureAck())
                .as("UDP")
                .isFalse();
        assertThat(over(packets.ipv4(IpFlyweight.TCP, SOURCE, TARGET, 39)).isPureAck())
                .as("cut short")
                .isFalse();
    }

    @Seeded
    void markingKeepsTheChecksumOfIpv4Right(RandomGenerator random) {
        Packet packet = packets.ipv4(random.nextInt(256), random.nextInt(), random.nextInt(), 20 + random.nextInt(100));
        InnerPackets.ecn(packet, 1 + random.nextInt(2));
        assertThat(InnerPackets.onesSum(packet, 20)).isEqualTo(0xffff);
        int dscp = over(packet).dscp();

        ip.ecn(IpFlyweight.CE);

        assertThat(ip.ecn()).isEqualTo(3);
        assertThat(ip.dscp()).isEqualTo(dscp);
        assertThat(InnerPackets.onesSum(packet, 20)).isEqualTo(0xffff);
    }

    @Test
    void marksIpv6AndNothingElseInIt() {
        Packet packet = packets.ipv6(IpFlyweight.TCP, 1, 2, 60);
        InnerPackets.set(packet, 0, 0x6000 | (46 << 2 | 2) << 4 | 0xf);

        over(packet).ecn(IpFlyweight.CE);

        assertThat(InnerPackets.get(packet, 0)).isEqualTo(0x6000 | (46 << 2 | 3) << 4 | 0xf);
    }

    /// Every question can be asked about every packet that was taken.
    @FuzzTest
    void anything(byte[] bytes) {
        MemorySegment segment = MemorySegment.ofArray(bytes);
        if (!ip.wrap(segment, 0, bytes.length)) {
            return;
        }
        assertThat(ip.version()).isIn(4, 6);
        assertThat(ip.flowHash()).isEqualTo(ip.flowHash());
        assertThat(ip.isPureAck() && ip.protocol() != IpFlyweight.TCP).isFalse();
        assertThat(ip.hasPort(53)).isIn(true, false);
        ip.ecn(IpFlyweight.CE);
        assertThat(ip.ecn()).isEqualTo(3);
    }

    @Seeded(runs = 1_000)
    void anythingFromASeed(RandomGenerator random) {
        var bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        if (bytes.length >= 6) {
            boolean isIpv4 = random.nextBoolean();
            bytes[0] = (byte) ((isIpv4 ? 0x40 : 0x60) | (bytes[0] & 0xf));
            bytes[isIpv4 ? 2 : 4] = 0;
            bytes[isIpv4 ? 3 : 5] = (byte) (isIpv4 ? bytes.length : bytes.length - 40);
        }
        anything(bytes);
    }
}
