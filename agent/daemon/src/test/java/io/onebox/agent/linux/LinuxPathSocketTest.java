package io.onebox.agent.linux;

import static io.onebox.testing.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Shard;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.wire.MessageType;
import io.onebox.testing.AllocationMeter;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinuxPathSocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LOOPBACK = 0x7f000001;
    private static final int OTHER_LOOPBACK = 0x7f000002;

    /// 2001:db8::/32, which nobody routes (RFC 3849).
    private static final long DOCUMENTATION_PREFIX = 0x2001_0db8_0000_0000L;

    private static final int POOL = 1_024;

    private final Libc libc = Libc.load();
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL);
    private final PathSocket client = LinuxPathSocket.open(libc, link(3, "", 0), pool);
    private final PathSocket server = LinuxPathSocket.open(libc, link(7, "", 0), pool);
    private final PacketHandler release = (packet, _) -> packet.release();
    private final List<Packet> received = new ArrayList<>();

    @AfterEach
    void everyPacketIsBackInThePool() {
        received.forEach(Packet::release);
        client.close();
        server.close();
        assertThat(pool.available()).isEqualTo(POOL);
    }

    @Test
    void carriesABatchWithItsAddresses() {
        for (int i = 0; i < 100; i++) {
            client.send(datagram(i, LOOPBACK, server.localPort()));
        }
        client.flush();

        receive(server, 100);

        Packet last = received.getLast();
        assertThat(last.segment().get(JAVA_BYTE, last.offset())).isEqualTo((byte) 99);
        assertThat(last.length()).isEqualTo(1_400);
        assertThat(last.link()).isEqualTo(7);
        assertThat(last.remotePort()).isEqualTo(client.localPort());
        assertThat(last.remoteLow()).isEqualTo(Endpoint.mapped(LOOPBACK));
        assertThat(last.localLow()).isEqualTo(Endpoint.mapped(LOOPBACK));
    }

    /// A server with several addresses must answer from the one it was called on.
    @Test
    void answersFromTheAddressItWasCalledOn() {
        client.send(datagram(1, OTHER_LOOPBACK, server.localPort()));
        client.flush();
        receive(server, 1);

        server.send(received.removeFirst());
        server.flush();
        receive(client, 1);

        assertThat(received.getFirst().remoteLow()).isEqualTo(Endpoint.mapped(OTHER_LOOPBACK));
    }

    @Test
    void carriesIpv6() {
        Packet datagram = datagram(1, 0, 0);
        datagram.remote(0, 1, server.localPort());
        client.send(datagram);
        client.flush();

        receive(server, 1);

        assertThat(received.getFirst().remoteHigh()).isZero();
        assertThat(received.getFirst().remoteLow()).isEqualTo(1);
        assertThat(received.getFirst().localLow()).isEqualTo(1);
    }

    /// Marks differ within a batch: such datagrams do not travel as one, and each keeps its own.
    @Test
    void carriesEcn() {
        try (PathSocket ipv4 = LinuxPathSocket.open(libc, link(4, "", 0), pool, Shard.ONLY, new Ipv4Addresses())) {
            for (PathSocket socket : List.of(server, ipv4)) {
                for (int i = 0; i < 40; i++) {
                    client.send(marked(datagram(i, LOOPBACK, socket.localPort()), i / 3 % 4));
                }
                client.flush();
                receive(socket, received.size() + 40);
            }
            for (int i = 0; i < 40; i++) {
                Packet datagram = marked(datagram(i, 0, 0), i / 3 % 4);
                datagram.remote(0, 1, server.localPort());
                ipv4.send(marked(datagram(i, LOOPBACK, server.localPort()), i / 3 % 4));
                client.send(datagram);
            }
            client.flush();
            ipv4.flush();
            receive(server, 160);
        }

        assertThat(received).hasSize(160).allSatisfy(packet -> {
            int number = packet.segment().get(JAVA_BYTE, packet.offset());
            assertThat(packet.ecn()).isEqualTo(number / 3 % 4);
        });
    }

    private static Packet marked(Packet datagram, int ecn) {
        datagram.ecn(ecn);
        return datagram;
    }

    @Test
    void speaksIpv4OnlyWhereTheKernelHasNoIpv6() {
        try (PathSocket ipv4 = LinuxPathSocket.open(libc, link(4, "", 0), pool, Shard.ONLY, new Ipv4Addresses())) {
            client.send(datagram(1, OTHER_LOOPBACK, ipv4.localPort()));
            client.flush();
            receive(ipv4, 1);
            assertThat(received.getFirst().remotePort()).isEqualTo(client.localPort());
            assertThat(received.getFirst().localLow()).isEqualTo(Endpoint.mapped(OTHER_LOOPBACK));

            ipv4.send(received.removeFirst());
            Packet unreachable = datagram(2, 0, 9);
            unreachable.remote(DOCUMENTATION_PREFIX, 1, 9);
            ipv4.send(unreachable);
            assertThat(ipv4.flush()).isEqualTo(PathSocket.NO_ERROR);

            receive(client, 1);
            assertThat(received.getFirst().remoteLow()).isEqualTo(Endpoint.mapped(OTHER_LOOPBACK));
            assertThat(ipv4.counters().dropped(DeviceDrop.FAILED)).isEqualTo(1);
        }
    }

    @Test
    void letsTheKernelChooseWhenTheLocalAddressIsGone() {
        Packet datagram = datagram(1, LOOPBACK, server.localPort());
        datagram.local(0, Endpoint.mapped(0xc6336407));
        client.send(datagram);

        assertThat(client.flush()).isEqualTo(PathSocket.NO_ERROR);

        receive(server, 1);
    }

    @Test
    void reportsALinkWithoutARouteOnceAndGoesOn() {
        try (PathSocket loopback = LinuxPathSocket.open(libc, link(4, "lo", 0), pool)) {
            Packet lost = datagram(1, 0, 9);
            lost.remote(DOCUMENTATION_PREFIX, 1, 9);
            loopback.send(lost);
            loopback.send(datagram(2, LOOPBACK, server.localPort()));

            assertThat(Errno.name(loopback.flush())).isEqualTo("ENETUNREACH");

            assertThat(loopback.flush()).isEqualTo(PathSocket.NO_ERROR);
            assertThat(loopback.counters().dropped(DeviceDrop.LINK_BROKEN)).isEqualTo(1);
            receive(server, 1);
        }
    }

    /// Read late and together, datagrams still tell when they came.
    @Test
    void tellsWhenADatagramArrived() {
        long readNs = Duration.ofHours(1).toNanos();
        client.send(datagram(1, LOOPBACK, server.localPort()));
        client.flush();
        passes(Duration.ofMillis(30));
        client.send(datagram(2, LOOPBACK, server.localPort()));
        client.flush();
        passes(Duration.ofMillis(10));

        server.receive((packet, _) -> received.add(packet), readNs, 64);

        assertThat(received).hasSize(2);
        long first = received.getFirst().timeNs();
        long second = received.getLast().timeNs();
        assertThat(Duration.ofNanos(second - first)).isBetween(Duration.ofMillis(30), Duration.ofMillis(900));
        assertThat(Duration.ofNanos(readNs - second)).isBetween(Duration.ofMillis(10), Duration.ofMillis(900));
    }

    @Test
    void dropsWhatComesWhileThePoolIsEmpty() {
        client.send(datagram(1, LOOPBACK, server.localPort()));
        client.flush();
        List<Packet> hoard = new ArrayList<>();
        for (Packet packet = pool.acquire(); packet != null; packet = pool.acquire()) {
            hoard.add(packet);
        }

        eventually(PATIENCE, () -> {
            server.receive((packet, _) -> received.add(packet), 0, 64);
            assertThat(server.counters().dropped(DeviceDrop.POOL_EMPTY)).isEqualTo(1);
        });

        hoard.forEach(Packet::release);
        assertThat(received).isEmpty();
    }

    @Test
    void saysThatAPortIsBusy() {
        assertThatThrownBy(() -> LinuxPathSocket.open(libc, link(5, "", server.localPort()), pool))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("bind UDP port " + server.localPort() + ": EADDRINUSE")
                .hasMessageContaining("ss -ulnp");
    }

    /// The receiver index says which, not where a datagram comes from; whatever has none goes to the first.
    @Test
    void theKernelChoosesAmongSocketsOfOnePort() {
        int shards = 3;
        List<PathSocket> sockets = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            int port = i == 0 ? 0 : sockets.getFirst().localPort();
            sockets.add(LinuxPathSocket.open(libc, link(10 + i, "", port), pool, new Shard(i, shards)));
        }
        int port = sockets.getFirst().localPort();
        assertThatThrownBy(() -> LinuxPathSocket.open(libc, link(5, "", port), pool, new Shard(0, 2)))
                .hasMessageContaining("EADDRINUSE");

        for (int index = 0; index < 30; index++) {
            sendWithIndex(client, port, MessageType.TRANSPORT, 4, index);
            sendWithIndex(server, port, MessageType.RESPONSE, 8, index);
        }
        sendWithIndex(client, port, MessageType.INITIATION, 4, 1);

        for (int i = 0; i < shards; i++) {
            var shard = new Shard(i, shards);
            received.forEach(Packet::release);
            received.clear();
            receive(sockets.get(i), shard.isDoor() ? 21 : 20);
            assertThat(received).allMatch(packet -> {
                int type = packet.segment().get(JAVA_INT, packet.offset());
                int index = packet.segment().get(JAVA_INT, packet.offset() + (type == MessageType.RESPONSE ? 8 : 4));
                return type == MessageType.INITIATION || shard.owns(index);
            });
            sockets.get(i).close();
        }
    }

    private void sendWithIndex(PathSocket from, int port, int type, int offset, int index) {
        Packet datagram = datagram(0, LOOPBACK, port);
        datagram.segment().set(JAVA_INT, datagram.offset(), type);
        datagram.segment().set(JAVA_INT, datagram.offset() + offset, index);
        from.send(datagram);
        from.flush();
    }

    @Test
    void saysThatAnInterfaceIsGone() {
        assertThatThrownBy(() -> LinuxPathSocket.open(libc, link(5, "nosuch0", 0), pool))
                .isInstanceOf(LinuxException.class)
                .hasMessage("SO_BINDTODEVICE nosuch0: ENODEV: the interface is gone");
    }

    @Test
    void sendsAndReceivesWithoutAllocating() {
        thereAndBack(2_000);

        long allocated = AllocationMeter.bytesAllocatedBy(() -> thereAndBack(1_000));

        assertThat(allocated).as("bytes for 32,000 packets").isLessThan(1_000);
    }

    private static void passes(Duration time) {
        long startNs = System.nanoTime();
        eventually(PATIENCE, () -> assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(time.toNanos()));
    }

    private void thereAndBack(int batches) {
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < 32; i++) {
                client.send(datagram(i, LOOPBACK, server.localPort()));
            }
            client.flush();
            server.receive(release, 0, 64);
        }
    }

    private void receive(PathSocket socket, int count) {
        eventually(PATIENCE, () -> {
            socket.receive((packet, _) -> received.add(packet), 0, 64);
            assertThat(received).hasSize(count);
        });
    }

    private Packet datagram(int mark, int address, int port) {
        Packet packet = Objects.requireNonNull(pool.acquire());
        packet.length(1_400);
        packet.segment().set(JAVA_BYTE, packet.offset(), (byte) mark);
        packet.remote(0, Endpoint.mapped(address), port);
        return packet;
    }

    private static LinkSocketConfig link(int id, String boundInterface, int port) {
        var link = new LinkConfig(id, "test" + id, LinkSettings.DEFAULT, true, true, 1_500);
        return new LinkSocketConfig(link, boundInterface, port, 0);
    }
}
