package io.onebox.engine.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Packets too large for the tunnel: pieces that fit together again, and answers that senders understand.
class OversizeAnswersTest {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int CLIENT = 0x0a4d0002;
    private static final int HOST = 0xc6336401;
    private static final int UDP = 17;

    private final InnerPackets packets = new InnerPackets(8);
    private final IpFragments fragments = new IpFragments();
    private final TooBigReply reply = new TooBigReply();
    private final IpFlyweight ip = new IpFlyweight();

    @Seeded(runs = 50)
    void piecesMakeTheWholeAgain(RandomGenerator random) {
        boolean isIpv4 = random.nextBoolean();
        int length = isIpv4 ? 1_213 + random.nextInt(280) : 1_213 + random.nextInt(68);
        Packet whole = isIpv4 ? packets.ipv4(UDP, CLIENT, HOST, length) : packets.ipv6(UDP, 1, 2, length);
        int header = isIpv4 ? 20 : 40;
        for (int i = header; i < length; i++) {
            whole.segment().set(ValueLayout.JAVA_BYTE, whole.offset() + i, (byte) random.nextInt());
        }

        assertThat(fragments.wrap(whole, 1_212)).isTrue();
        byte[] joined = new byte[length - header];
        while (fragments.hasMore()) {
            Packet piece = packets.blank(0);
            fragments.next(piece);
            assertThat(piece.length()).isLessThanOrEqualTo(1_212);
            assertThat(ip.wrap(piece.segment(), piece.offset(), piece.length())).isTrue();
            int front = isIpv4 ? 20 : 48;
            int offset = isIpv4 ? (at(piece, 6) & 0x1fff) * 8 : at(piece, 42) & -8;
            boolean more = isIpv4 ? (at(piece, 6) & 0x2000) != 0 : (at(piece, 42) & 1) != 0;
            assertThat(more).isEqualTo(fragments.hasMore());
            assertThat(isIpv4 ? onesSum(piece, 0, 20) : 0xffff).isEqualTo(0xffff);
            MemorySegment.copy(
                    piece.segment(),
                    ValueLayout.JAVA_BYTE,
                    piece.offset() + front,
                    joined,
                    offset,
                    piece.length() - front);
            piece.release();
        }

        assertThat(joined)
                .isEqualTo(whole.segment()
                        .asSlice(whole.offset() + header, length - header)
                        .toArray(ValueLayout.JAVA_BYTE));
        whole.release();
        assertThat(packets.allReturned()).isTrue();
    }

    @Test
    void doesNotCutWhatMustNotBeCut() {
        Packet dont = packets.ipv4(UDP, CLIENT, HOST, 1_400);
        InnerPackets.set(dont, 6, 0x4000);

        assertThat(fragments.wrap(dont, 1_212)).isFalse();
        assertThat(fragments.wrap(packets.ipv6(UDP, 1, 2, 1_281), 1_212)).isFalse();
    }

    @Test
    void tellsASenderOfIpv4() {
        Packet answer = packets.blank(0);
        reply.write(packets.ipv4(UDP, CLIENT, HOST, 1_400), 1_332, answer);

        assertThat(ip.wrap(answer.segment(), answer.offset(), answer.length())).isTrue();
        assertThat(answer.length()).isEqualTo(576);
        assertThat((int) ip.sourceLow()).isEqualTo(HOST);
        assertThat((int) ip.destinationLow()).isEqualTo(CLIENT);
        assertThat(at(answer, 20)).isEqualTo(0x0304);
        assertThat(at(answer, 26)).isEqualTo(1_332);
        assertThat(onesSum(answer, 0, 20)).isEqualTo(0xffff);
        assertThat(onesSum(answer, 20, 556)).isEqualTo(0xffff);
    }

    @Test
    void tellsASenderOfIpv6() {
        Packet answer = packets.blank(0);
        reply.write(packets.ipv6(UDP, 1, 2, 1_400), 1_332, answer);

        assertThat(ip.wrap(answer.segment(), answer.offset(), answer.length())).isTrue();
        assertThat(answer.length()).isEqualTo(1_280);
        assertThat(ip.sourceLow()).isEqualTo(2);
        assertThat(at(answer, 40)).isEqualTo(0x0200);
        assertThat(at(answer, 46)).isEqualTo(1_332);
        int pseudo = onesSum(answer, 8, 32) + 1_240 + 58;
        int sum = pseudo + onesSum(answer, 40, 1_240);
        assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff);
    }

    @Test
    void neverAnswersGroupsFragmentsAndErrors() {
        Packet later = packets.ipv4(UDP, CLIENT, HOST, 1_400);
        InnerPackets.set(later, 6, 1);
        Packet error = packets.ipv4(1, CLIENT, HOST, 1_400);
        InnerPackets.set(error, 20, 0x0300);

        assertThat(reply.isDue(packets.ipv4(UDP, CLIENT, HOST, 1_400))).isTrue();
        assertThat(reply.isDue(packets.ipv4(UDP, CLIENT, 0xe0000001, 1_400))).isFalse();
        assertThat(reply.isDue(packets.ipv4(UDP, 0, HOST, 1_400))).isFalse();
        assertThat(reply.isDue(packets.ipv4(UDP, -1, HOST, 1_400))).isFalse();
        assertThat(reply.isDue(later)).isFalse();
        assertThat(reply.isDue(error)).isFalse();
    }

    private static int at(Packet packet, int offset) {
        return packet.segment().get(SHORT, packet.offset() + offset) & 0xffff;
    }

    private static int onesSum(Packet packet, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += at(packet, from + i);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (sum & 0xffff) + (sum >>> 16);
    }
}
