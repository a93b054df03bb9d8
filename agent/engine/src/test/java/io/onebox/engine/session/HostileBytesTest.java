package io.onebox.engine.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.InnerPackets;
import io.onebox.engine.packet.IpFlyweight;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.stats.SessionSnapshot;
import io.onebox.engine.wire.MessageType;
import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Bytes that are not authentic change nothing, are answered with nothing, and cost no buffer; what was
/// authentic before somebody touched a copy of it still is.
class HostileBytesTest {

    /// The second MAC of a handshake message, which means nothing without load.
    private static final int UNCHECKED = 16;

    private final TwoHosts hosts = new TwoHosts(2);
    private final InnerPackets clientPackets = new InnerPackets(hosts.client.pool);

    @Seeded(runs = 100)
    void randomBytesChangeNothing(RandomGenerator random) {
        hosts.run(50);
        for (int i = 0; i < 50; i++) {
            Packet datagram = hosts.server.pool.acquire();
            datagram.length(random.nextInt(200));
            for (int at = 0; at < datagram.length(); at++) {
                int value = at == 0 ? random.nextInt(6) : at < 4 ? 0 : random.nextInt(256);
                datagram.segment().set(JAVA_BYTE, datagram.offset() + at, (byte) value);
            }
            assertIgnored(datagram);
        }
    }

    @Seeded(runs = 30)
    void whatWasTamperedWithChangesNothing(RandomGenerator random) {
        hosts.client.sessions.onTimer(hosts.nowNs);
        assertNoCopyIsTaken(random);
        hosts.run(300);
        assertThat(hosts.server.sessions.snapshot(hosts.nowNs).getFirst().paths())
                .hasSize(2)
                .allMatch(path -> path.state().equals("usable"));

        for (int i = 0; i < 20; i++) {
            Packet packet = clientPackets.ipv4(
                    IpFlyweight.UDP, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 60 + random.nextInt(100));
            hosts.client.sessions.onTunPacket(packet, hosts.nowNs);
            hosts.client.sessions.onTimer(hosts.nowNs);
            assertNoCopyIsTaken(random);
            hosts.run(1);
        }
        hosts.run(300);

        assertThat(hosts.server.delivered).isEqualTo(20);
        assertThat(clientPackets.allReturned()).isTrue();
        assertThat(hosts.server.pool.available()).isEqualTo(hosts.server.pool.capacity());
    }

    @Seeded(runs = 20)
    void aReplayChangesNothing(RandomGenerator random) {
        hosts.client.sessions.onTimer(hosts.nowNs);
        List<byte[]> heard = listen();
        hosts.run(300);
        for (int i = 0; i < 10; i++) {
            hosts.client.sessions.onTunPacket(
                    clientPackets.ipv4(IpFlyweight.UDP, TwoHosts.CLIENT_ADDRESS, TwoHosts.SERVER_ADDRESS, 60),
                    hosts.nowNs);
            hosts.client.sessions.onTimer(hosts.nowNs);
            heard.addAll(listen());
            hosts.run(1);
        }
        hosts.run(random.nextInt(300));

        for (byte[] bytes : heard) {
            assertIgnored(datagram(bytes, bytes.length));
        }
    }

    private List<byte[]> listen() {
        List<byte[]> heard = new ArrayList<>();
        hosts.client.sent.forEach(sent -> heard.add(bytes(sent)));
        return heard;
    }

    private void assertNoCopyIsTaken(RandomGenerator random) {
        for (byte[] bytes : listen()) {
            assertIgnored(datagram(bytes, random.nextInt(bytes.length)));
            int checked = bytes[0] == MessageType.TRANSPORT ? bytes.length : bytes.length - UNCHECKED;
            for (int i = 0; i < 20; i++) {
                Packet flipped = datagram(bytes, bytes.length);
                int bit = i < 4 ? i * Byte.SIZE : random.nextInt(checked * Byte.SIZE);
                int at = flipped.offset() + bit / Byte.SIZE;
                byte before = flipped.segment().get(JAVA_BYTE, at);
                flipped.segment().set(JAVA_BYTE, at, (byte) (before ^ 1 << bit % Byte.SIZE));
                assertIgnored(flipped);
            }
        }
    }

    private static byte[] bytes(Packet packet) {
        return packet.segment().asSlice(packet.offset(), packet.length()).toArray(JAVA_BYTE);
    }

    private Packet datagram(byte[] bytes, int length) {
        Packet datagram = hosts.server.pool.acquire();
        datagram.length(length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, datagram.segment(), datagram.offset(), length);
        return datagram;
    }

    private void assertIgnored(Packet datagram) {
        datagram.link(0);
        datagram.remote(0, Endpoint.mapped(0x01020304), 9);
        int available = hosts.server.pool.available();
        int sent = hosts.server.sent.size();
        int events = hosts.server.events.size();
        SessionSnapshot before = picture();

        hosts.server.sessions.onDatagram(datagram, hosts.nowNs);

        assertThat(picture()).isEqualTo(before);
        assertThat(hosts.server.sent).hasSize(sent);
        assertThat(hosts.server.events).hasSize(events);
        assertThat(hosts.server.pool.available()).isEqualTo(available + 1);
    }

    /// The session, without what was dropped.
    private SessionSnapshot picture() {
        SessionSnapshot now = hosts.server.sessions.snapshot(hosts.nowNs).getFirst();
        return new SessionSnapshot(
                now.name(),
                now.peer(),
                now.sinceNs(),
                now.mtuBytes(),
                now.rxBytes(),
                now.txBytes(),
                now.rxPackets(),
                now.txPackets(),
                now.lostPackets(),
                now.repairedPackets(),
                now.reorderedPackets(),
                now.heldPackets(),
                now.heldNs(),
                Map.of(),
                now.paths());
    }
}
