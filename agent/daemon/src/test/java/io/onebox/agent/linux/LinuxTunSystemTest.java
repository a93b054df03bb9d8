package io.onebox.agent.linux;

import static io.onebox.testing.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.PacketHandler;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.agent.dataplane.TunDevice;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.testing.AllocationMeter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("system")
class LinuxTunSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int POOL = 512;
    private static final int SOURCE_OFFSET = 12;
    private static final int TARGET_OFFSET = 16;
    private static final int TUN_ADDRESS = 0x0a090001;
    private static final int BEHIND_TUN = 0x0a090002;

    private final Libc libc = Libc.load();
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL);

    @Test
    void carriesPacketsBothWays() {
        inNamespaceWithTun(tun -> {
            try (PathSocket socket = LinuxPathSocket.open(libc, link("", 0), pool)) {
                socket.send(datagram(BEHIND_TUN, 7_777, 100));
                socket.flush();
                List<Packet> received = new ArrayList<>();
                eventually(PATIENCE, () -> {
                    tun.receive(pool, (packet, _) -> keepIpv4(received, packet), 0, 64);
                    assertThat(received).hasSize(1);
                });
                Packet packet = received.getFirst();
                assertThat(packet.offset()).isEqualTo(Packet.HEADROOM);
                assertThat(packet.length()).isEqualTo(20 + 8 + 100);

                swapAddressesAndPorts(packet);
                tun.send(packet);
                tun.flush();
                List<Packet> echoed = new ArrayList<>();
                eventually(PATIENCE, () -> {
                    socket.receive((answer, _) -> echoed.add(answer), 0, 64);
                    assertThat(echoed).hasSize(1);
                });
                assertThat(echoed.getFirst().remotePort()).isEqualTo(7_777);
                assertThat(echoed.getFirst().remoteLow()).isEqualTo(Endpoint.mapped(BEHIND_TUN));
                echoed.forEach(Packet::release);
            }
        });
        assertThat(pool.available()).isEqualTo(POOL);
    }

    /// A download that starts while the agent waits for a core fills the kernel's queue, which is not to drop.
    @Test
    void losesNothingOfABurstThatIsNotReadYet() {
        int chunks = 32;
        int packetsPerChunk = 64;
        int[] count = new int[1];
        inNamespaceWithTun(tun -> {
            try (PathSocket socket = LinuxPathSocket.open(libc, link("", 0), pool)) {
                for (int chunk = 0; chunk < chunks; chunk++) {
                    for (int i = 0; i < packetsPerChunk; i++) {
                        socket.send(datagram(BEHIND_TUN, 7_777, 100));
                    }
                    assertThat(socket.flush()).isEqualTo(PathSocket.NO_ERROR);
                }
                eventually(PATIENCE, () -> {
                    tun.receive(pool, (packet, _) -> count[0] += releaseIpv4(packet), 0, packetsPerChunk);
                    assertThat(count[0]).isEqualTo(chunks * packetsPerChunk);
                });
            }
        });
        assertThat(pool.available()).isEqualTo(POOL);
    }

    @Test
    void countsWhatIsLongerThanTheInterfaceTakes() {
        inNamespaceWithTun(tun -> {
            tun.mtu(1_280);
            try (PathSocket socket = LinuxPathSocket.open(libc, link("", 0), pool)) {
                socket.send(datagram(BEHIND_TUN, 7_777, 1_300));

                assertThat(socket.flush()).isEqualTo(PathSocket.NO_ERROR);
                assertThat(socket.counters().dropped(DeviceDrop.TOO_LONG)).isEqualTo(1);
            }
        });
    }

    @Test
    void reportsALinkThatLostItsRouteOrInterface() {
        inNamespaceWithTun(tun -> {
            shell("ip link set lo down; ip link add name up0 type veth peer name core0; ip link set up0 up");
            try (PathSocket socket = LinuxPathSocket.open(libc, link("up0", 0), pool)) {
                shell("ip link del up0");
                socket.send(datagram(0x08080808, 7_777, 100));

                assertThat(Errno.name(socket.flush())).isIn("ENODEV", "ENETUNREACH");
            }
        });
    }

    @Test
    void dropsAndCountsWhatTheKernelRefusesToTake() {
        inNamespaceWithTun(tun -> {
            Packet garbage = Objects.requireNonNull(pool.acquire());
            garbage.length(40);
            garbage.segment().fill((byte) 0);
            tun.send(garbage);
            tun.flush();

            assertThat(tun.counters().dropped(DeviceDrop.FAILED)).isEqualTo(1);
        });
        assertThat(pool.available()).isEqualTo(POOL);
    }

    @Test
    void saysThatTheInterfaceWasDeleted() {
        inNamespaceWithTun(tun -> {
            shell("ip link del " + tun.name());

            assertThatThrownBy(() -> tun.receive(pool, (packet, _) -> packet.release(), 0, 64))
                    .isInstanceOf(LinuxException.class)
                    .hasMessage("read onebox9: EBADFD: the interface was deleted; the agent must start anew");
        });
    }

    @Test
    void saysThatTheNameIsTaken() {
        inNamespaceWithTun(tun -> assertThatThrownBy(() -> LinuxTun.open(libc, tun.name()))
                .isInstanceOf(LinuxException.class)
                .hasMessageStartingWith("TUNSETIFF onebox9: EBUSY: another process uses this name"));
    }

    @Test
    void saysThatTheNameIsThatOfAnotherDevice() {
        inNamespaceWithTun(_ -> assertThatThrownBy(() -> LinuxTun.open(libc, "lo"))
                .isInstanceOf(LinuxException.class)
                .hasMessageStartingWith("TUNSETIFF lo: EINVAL: not a valid name"));
    }

    @Test
    void readsWithoutAllocating() {
        inNamespaceWithTun(tun -> {
            try (PathSocket socket = LinuxPathSocket.open(libc, link("", 0), pool)) {
                PacketHandler release = (packet, _) -> packet.release();
                Runnable work = () -> {
                    for (int i = 0; i < 500; i++) {
                        thereThroughTun(socket, tun, release);
                    }
                };
                work.run();

                assertThat(AllocationMeter.bytesAllocatedBy(work))
                        .as("bytes for 16,000 packets")
                        .isLessThan(1_000);
                assertThat(tun.counters().snapshot("tun").received()).isGreaterThan(16_000);
            }
        });
    }

    private void thereThroughTun(PathSocket socket, TunDevice tun, PacketHandler handler) {
        for (int i = 0; i < 32; i++) {
            socket.send(datagram(BEHIND_TUN, 7_777, 1_000));
        }
        socket.flush();
        tun.receive(pool, handler, 0, 64);
    }

    private void inNamespaceWithTun(Consumer<TunDevice> work) {
        try (var namespace = new NetworkNamespace(libc);
                TunDevice tun = namespace.in(() -> LinuxTun.open(libc, "onebox9"))) {
            assertThat(tun.interfaceIndex()).isPositive();
            namespace.shell("ip addr add 10.9.0.1/24 dev onebox9; ip link set onebox9 up");
            namespace.in(() -> {
                work.accept(tun);
                return tun;
            });
        }
    }

    private static void shell(String command) {
        NetworkNamespace.run(command);
    }

    private Packet datagram(int address, int port, int length) {
        Packet packet = Objects.requireNonNull(pool.acquire());
        packet.length(length);
        packet.remote(0, Endpoint.mapped(address), port);
        return packet;
    }

    /// The kernel also sends IPv6 router solicitations; they are not what we wait for.
    private static void keepIpv4(List<Packet> kept, Packet packet) {
        if (packet.segment().get(JAVA_BYTE, packet.offset()) >> 4 == 4) {
            kept.add(packet);
        } else {
            packet.release();
        }
    }

    /// Gives the packet back and tells how many packets of IPv4 it was.
    private static int releaseIpv4(Packet packet) {
        boolean isIpv4 = packet.segment().get(JAVA_BYTE, packet.offset()) >> 4 == 4;
        packet.release();
        return isIpv4 ? 1 : 0;
    }

    private static void swapAddressesAndPorts(Packet packet) {
        MemorySegment header = packet.segment().asSlice(packet.offset());
        swap(header, SOURCE_OFFSET, TARGET_OFFSET, 4);
        swap(header, 20, 22, 2);
        assertThat(header.get(JAVA_BYTE, SOURCE_OFFSET + 3)).isEqualTo((byte) BEHIND_TUN);
        assertThat(header.get(JAVA_BYTE, TARGET_OFFSET + 3)).isEqualTo((byte) TUN_ADDRESS);
    }

    private static void swap(MemorySegment segment, int one, int other, int length) {
        for (int i = 0; i < length; i++) {
            byte saved = segment.get(JAVA_BYTE, one + i);
            segment.set(JAVA_BYTE, one + i, segment.get(JAVA_BYTE, other + i));
            segment.set(JAVA_BYTE, other + i, saved);
        }
    }

    private static LinkSocketConfig link(String boundInterface, int port) {
        var link = new LinkConfig(1, "test", LinkSettings.DEFAULT, true, true, 1_500);
        return new LinkSocketConfig(link, boundInterface, port, 0);
    }
}
