package io.onebox.agent.dataplane;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.onebox.agent.linux.AeadChoice;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxPathSocket;
import io.onebox.engine.noise.PresharedKey;
import io.onebox.engine.noise.PrivateKey;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.IpPrefix;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.BondingMode;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.Sessions;
import io.onebox.testing.AllocationMeter;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two cycles with the real engine and real sockets on loopback, and TUN devices in memory.
class DutyCycleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration COMPILED = Duration.ofSeconds(30);
    private static final int LOOPBACK = 0x7f000001;
    private static final int CLIENT_ADDRESS = 0x0a4d0002;
    private static final int SERVER_ADDRESS = 0x0a4d0001;
    private static final int PACKET = 1_000;
    private static final int POOL = 4_096;
    private static final int LINK = 3;

    private final Libc libc = Libc.load();
    private final NanoClock clock = NanoClock.system();
    private final Agent client = new Agent(1);
    private final Agent server = new Agent(2);

    @BeforeEach
    void connects() {
        server.meet(client, CLIENT_ADDRESS, List.of());
        client.meet(server, SERVER_ADDRESS, List.of(Endpoint.ofIpv4(LOOPBACK, server.socket.localPort())));
        client.tun.bring(1, PACKET, content -> writeIpv4(content, CLIENT_ADDRESS, SERVER_ADDRESS));
        eventually(PATIENCE, () -> {
            turnBoth();
            assertThat(server.tun.delivered()).isPositive();
        });
    }

    @AfterEach
    void closes() {
        client.cycle.close();
        server.cycle.close();
    }

    @Test
    void carriesAPacketFromTunToTun() {
        var expected = new byte[PACKET];
        writeIpv4(expected, CLIENT_ADDRESS, SERVER_ADDRESS);

        assertThat(server.tun.last()).startsWith(expected);
        assertThat(client.events).hasAtLeastOneElementOfType(SessionEvent.HandshakeCompleted.class);
    }

    @Test
    void leavesPacketsInTunWhenTheEngineHasNoRoom() {
        List<Packet> hoard = new ArrayList<>();
        while (client.pool.available() > 300) {
            hoard.add(Objects.requireNonNull(client.pool.acquire()));
        }

        long dueNs = client.cycle.turn();

        assertThat(client.cycle.wantsTun()).isFalse();
        assertThat(dueNs - clock.nowNs()).as("looks again soon").isLessThan(10_000_000);
        hoard.forEach(Packet::release);
        client.cycle.turn();
        assertThat(client.cycle.wantsTun()).isTrue();
    }

    @Test
    void countsDatagramsOfALinkWithoutSocket() {
        Packet packet = Objects.requireNonNull(client.pool.acquire());
        packet.link(99);

        client.cycle.transmit(packet);

        assertThat(client.cycle.devices(link -> "link" + link))
                .extracting(DeviceSnapshot::device, device -> device.dropped().get("no_socket"))
                .contains(tuple("none", 1L));
    }

    @Test
    void refusesASecondSocketForALink() {
        assertThatThrownBy(() -> client.cycle.addSocket(client.socket))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("link 3 has a socket already");
    }

    @Test
    void losesNoPacketOfThePoolWhenALinkGoesAndTheCycleEnds() {
        client.cycle.sessions().removeLink(LINK, clock.nowNs());
        client.cycle.turn();
        client.cycle.removeSocket(LINK);
        client.cycle.removeSocket(LINK);

        assertThat(client.cycle.devices(link -> "link" + link))
                .extracting(DeviceSnapshot::device)
                .containsExactly("memory", "none");
    }

    /// As soon as the code is compiled. What is left are the rare control frames, which are values.
    @Test
    void carriesPacketsWithoutAllocating() {
        eventually(COMPILED, () -> {
            long before = server.tun.delivered();

            long allocated = AllocationMeter.bytesAllocatedBy(() -> carry(10_000));

            assertThat(server.tun.delivered() - before).as("delivered").isGreaterThan(5_000);
            assertThat(allocated).as("bytes for 10,000 packets").isLessThan(10_000);
        });
    }

    private void carry(int packets) {
        for (int sent = 0; sent < packets; sent += 16) {
            client.tun.bring(16);
            while (client.tun.waiting() > 0) {
                turnBoth();
            }
        }
    }

    private void turnBoth() {
        if (client.cycle.wantsTun()) {
            client.cycle.onTunReadable();
        }
        server.cycle.onSocketReadable(server.socket);
        client.cycle.onSocketReadable(client.socket);
    }

    private static void writeIpv4(byte[] packet, int source, int target) {
        packet[0] = 0x45;
        packet[2] = (byte) (PACKET >> 8);
        packet[3] = (byte) PACKET;
        packet[8] = 64;
        packet[9] = 17;
        for (int i = 0; i < Integer.BYTES; i++) {
            packet[12 + i] = (byte) (source >> (8 * (3 - i)));
            packet[16 + i] = (byte) (target >> (8 * (3 - i)));
        }
    }

    /// One end of the tunnel.
    private final class Agent {

        final PrivateKey key;
        final MemoryTun tun = new MemoryTun();
        final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL);
        final List<SessionEvent> events = new ArrayList<>();
        final DutyCycle cycle;
        final PathSocket socket;

        Agent(long seed) {
            var random = new Random(seed);
            key = PrivateKey.generate(random);
            var config = new EngineConfig(
                    key,
                    AeadChoice.choose().factory(),
                    random,
                    System.currentTimeMillis() * 1_000_000,
                    random.nextLong());
            cycle = new DutyCycle(
                    tun, pool, clock, outbox -> new Sessions(config, pool, outbox), events::add, Neighbours.none());
            var link = new LinkConfig(LINK, "lo", LinkSettings.DEFAULT, true, true, 1_500);
            socket = LinuxPathSocket.open(libc, new LinkSocketConfig(link, "", 0, 0), pool);
            cycle.addSocket(socket);
            cycle.sessions().putLink(link, clock.nowNs());
        }

        void meet(Agent other, int address, List<Endpoint> endpoints) {
            var peer = new PeerConfig(
                    "peer",
                    other.key.publicKey(),
                    PresharedKey.NONE,
                    List.of(IpPrefix.ofIpv4(address, 32)),
                    endpoints,
                    BondingMode.AGGREGATE);
            cycle.sessions().putPeer(peer, clock.nowNs());
            cycle.turn();
        }
    }
}
