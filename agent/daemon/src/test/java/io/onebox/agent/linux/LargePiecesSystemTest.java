package io.onebox.agent.linux;

import static io.onebox.testing.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two kernels whose TUN devices we join: what comes out of one in pieces of 64 KiB is cut, joined and given to the
/// other. A wrong checksum, length or order would stall a connection.
@Tag("system")
class LargePiecesSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int POOL = 4_096;
    private static final int FILE_BYTES = 8_000_000;
    private static final int DATAGRAMS = 200;

    private final Libc libc = Libc.load();
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), POOL);
    private final NetworkNamespace one = new NetworkNamespace(libc);
    private final NetworkNamespace other = new NetworkNamespace(libc);
    private final LinuxTun near = one.in(() -> LinuxTun.open(libc, "onebox9"));
    private final LinuxTun far = other.in(() -> LinuxTun.open(libc, "onebox9"));
    private int largestBatch;

    @TempDir
    private Path directory;

    @BeforeEach
    void giveAddresses() {
        String command = "ip link set onebox9 mtu 1420 up; ip addr add 10.9.0.%1$d/24 dev onebox9;"
                + " ip addr add fd09::%1$d/64 dev onebox9 nodad";
        one.shell(command.formatted(1));
        other.shell(command.formatted(2));
    }

    @AfterEach
    void everyPacketIsBackInThePool() {
        near.close();
        far.close();
        one.close();
        other.close();
        assertThat(pool.available()).isEqualTo(POOL);
    }

    @ParameterizedTest
    @CsvSource({"4,10.9.0.2", "6,[fd09::2]"})
    void carriesAConnection(int version, String address) throws IOException {
        byte[] bytes = new byte[FILE_BYTES];
        new Random(version).nextBytes(bytes);
        Path sent = Files.write(directory.resolve("sent"), bytes);
        Path received = directory.resolve("received");
        Process server = other.start("exec socat -u TCP%d-LISTEN:7000 CREATE:%s".formatted(version, received));
        Process client = one.start(
                "exec socat -u FILE:%s TCP%d:%s:7000,retry=50,interval=0.1".formatted(sent, version, address));

        eventually(PATIENCE, () -> {
            forward();
            assertThat(server.isAlive() || client.isAlive()).isFalse();
        });

        assertThat(Files.mismatch(sent, received)).isEqualTo(-1);
        assertThat(largestBatch).as("packets of one read").isGreaterThan(30);
    }

    /// Datagrams sent as one message reach a socket behind two TUN devices one by one, each whole.
    @Test
    void carriesDatagrams() {
        var link = new LinkConfig(1, "test", LinkSettings.DEFAULT, true, true, 1_500);
        var config = new LinkSocketConfig(link, "", 0, 0);
        try (PathSocket sender = one.in(() -> LinuxPathSocket.open(libc, config, pool));
                PathSocket receiver = other.in(() -> LinuxPathSocket.open(libc, config, pool))) {
            for (int i = 0; i < DATAGRAMS; i++) {
                Packet datagram = Objects.requireNonNull(pool.acquire());
                datagram.length(1_300);
                datagram.segment().fill((byte) i);
                datagram.remote(0, Endpoint.mapped(0x0a090002), receiver.localPort());
                sender.send(datagram);
            }
            sender.flush();
            int[] next = new int[1];
            eventually(PATIENCE, () -> {
                forward();
                receiver.receive((packet, _) -> next[0] = inOrder(packet, next[0]), 0, 64);
                assertThat(next[0]).isEqualTo(DATAGRAMS);
            });
        }
    }

    private void forward() {
        for (int turn = 0; turn < 50; turn++) {
            int count = near.receive(pool, (packet, _) -> far.send(packet), 0, 1);
            largestBatch = Math.max(largestBatch, count);
            far.flush();
            far.receive(pool, (packet, _) -> near.send(packet), 0, 64);
            near.flush();
        }
    }

    private static int inOrder(Packet packet, int expected) {
        int first = packet.segment().get(JAVA_BYTE, packet.offset());
        assertThat(packet.length()).isEqualTo(1_300);
        assertThat(first).isEqualTo((byte) expected);
        packet.release();
        return expected + 1;
    }
}
