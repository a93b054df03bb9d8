package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.InternetChecksum;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.SegmentFlyweight;
import io.onebox.engine.path.LinkSettings;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A tunnel whose only link takes less than the sender believes.
class OversizeTest {

    private static final int LINK_BYTES = 1_400;
    private static final int LENGTH = 1_432;
    private static final int IP_HEADER = 20;
    private static final int UDP_CHECKSUM = IP_HEADER + 6;

    private final TwoHosts hosts = new TwoHosts(1);
    private final InnerPackets packets = new InnerPackets(hosts.client.pool);
    private final List<byte[]> delivered = new ArrayList<>();

    @BeforeEach
    void connect() {
        hosts.client.sessions.putLink(
                new LinkConfig(0, "up0", LinkSettings.DEFAULT, true, false, LINK_BYTES), hosts.nowNs);
        hosts.run(500);
        hosts.client.onDelivered = this::remember;
        hosts.server.onDelivered = this::remember;
    }

    @AfterEach
    void everyPacketIsBackInThePool() {
        hosts.run(500);
        assertThat(hosts.client.pool.available()).isEqualTo(hosts.client.pool.capacity());
        assertThat(hosts.server.pool.available()).isEqualTo(hosts.server.pool.capacity());
    }

    @Test
    void knowsWhatFits() {
        assertThat(hosts.client.sessions.snapshot(hosts.nowNs).getFirst().mtuBytes())
                .isEqualTo(LINK_BYTES - 68);
    }

    /// Nobody can finish a checksum in pieces.
    @Test
    void finishesAPartialChecksumBeforeItCuts() {
        int right = offer(0);

        assertThat(delivered).hasSize(2).allMatch(piece -> piece.length <= LINK_BYTES - 68);
        assertThat(hosts.server.deliveredPartial).isZero();
        assertThat(at(delivered.getFirst(), UDP_CHECKSUM)).isEqualTo(right);
    }

    /// The sender compares what is quoted with what it has sent.
    @Test
    void finishesAPartialChecksumBeforeItQuotes() {
        int right = offer(0x4000);

        assertThat(hosts.server.delivered).isZero();
        assertThat(delivered).hasSize(1);
        byte[] answer = delivered.getFirst();
        assertThat(at(answer, IP_HEADER)).isEqualTo(0x0304);
        assertThat(at(answer, IP_HEADER + 6)).isEqualTo(LINK_BYTES - 68);
        assertThat(at(answer, IP_HEADER + 8 + UDP_CHECKSUM)).isEqualTo(right);
    }

    /// Offers a datagram with a partial checksum.
    ///
    /// @return what its checksum should be
    private int offer(int fragmentField) {
        Packet packet = packets.ipv4(IpFlyweight.UDP, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, LENGTH);
        for (int i = IP_HEADER; i < LENGTH; i++) {
            packet.segment().set(ValueLayout.JAVA_BYTE, packet.offset() + i, (byte) i);
        }
        InnerPackets.set(packet, 6, fragmentField);
        InnerPackets.set(packet, 10, 0);
        InternetChecksum.write(
                packet.segment(),
                packet.offset() + 10,
                InternetChecksum.sum(packet.segment(), packet.offset(), IP_HEADER));
        InnerPackets.set(packet, IP_HEADER + 4, LENGTH - IP_HEADER);
        var segment = new SegmentFlyweight();
        assertThat(segment.wrap(packet)).isTrue();
        segment.startChecksum(LENGTH);
        segment.finishChecksum();
        int right = InnerPackets.get(packet, UDP_CHECKSUM);
        segment.startChecksum(LENGTH);
        packet.partialChecksum(true);
        hosts.client.sessions.onTunPacket(packet, hosts.nowNs);
        hosts.run(100);
        return right;
    }

    private void remember(Packet packet) {
        delivered.add(packet.segment().asSlice(packet.offset(), packet.length()).toArray(ValueLayout.JAVA_BYTE));
    }

    private static int at(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
    }
}
