package io.onebox.engine.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentFlyweightTest {

    private final InnerPackets packets = new InnerPackets(1);
    private final SegmentFlyweight segment = new SegmentFlyweight();

    @AfterEach
    void everyPacketIsBack() {
        assertThat(packets.allReturned()).isTrue();
    }

    @Seeded(runs = 200)
    void finishesWhatItStartedAndSeesAnyFault(RandomGenerator random) {
        Packet packet = whole(random);
        for (int at = segment.payload(); at < packet.length(); at++) {
            packet.segment().set(JAVA_BYTE, packet.offset() + at, (byte) random.nextInt());
        }

        segment.startChecksum(packet.length());
        segment.finishChecksum();
        assertThat(segment.isChecksumRight()).isTrue();
        assertThat(segment.hasNoChecksum()).isFalse();

        int at = packet.offset() + random.nextInt(segment.transport() + 8, packet.length());
        packet.segment().set(JAVA_BYTE, at, (byte) (packet.segment().get(JAVA_BYTE, at) ^ 1 << random.nextInt(8)));
        boolean same = segment.wrap(packet) && segment.isChecksumRight();
        assertThat(same).isFalse();
        packet.release();
    }

    /// RFC 1071, section 3.
    @Test
    void sumsTheExampleOfTheStandard() {
        Packet packet = packets.blank(8);
        int[] words = {0x0001, 0xf203, 0xf4f5, 0xf6f7};
        for (int i = 0; i < words.length; i++) {
            InnerPackets.set(packet, 2 * i, words[i]);
        }

        long sum = InternetChecksum.sum(packet.segment(), packet.offset(), 8);

        assertThat(InternetChecksum.fold(sum)).isEqualTo(InternetChecksum.term(0xddf2));
        packet.release();
    }

    @Test
    void isNotForFragments() {
        Packet packet = packets.ipv4(IpFlyweight.UDP, 1, 2, 100);
        InnerPackets.set(packet, 24, 80);
        assertThat(segment.wrap(packet)).isTrue();

        InnerPackets.set(packet, 6, 0x2000);
        assertThat(segment.wrap(packet)).isFalse();
        packet.release();
    }

    private Packet whole(RandomGenerator random) {
        boolean tcp = random.nextBoolean();
        int length = random.nextInt(81, 1_400);
        int protocol = tcp ? IpFlyweight.TCP : IpFlyweight.UDP;
        boolean ipv4 = random.nextBoolean();
        Packet packet = ipv4
                ? packets.ipv4(protocol, random.nextInt(), random.nextInt(), length)
                : packets.ipv6(protocol, random.nextLong(), random.nextLong(), length);
        int transport = ipv4 ? 20 : 40;
        InnerPackets.set(packet, transport + (tcp ? 12 : 4), tcp ? 0x5010 : length - transport);
        assertThat(segment.wrap(packet)).isTrue();
        return packet;
    }
}
