package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Must show 5: onebox and `wireguard-go` understand each other in both roles, and `tshark`, which knows nothing
/// of us, decrypts what the engine says.
@Tag("system")
@Tag("alone")
class InteropSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String DEVICE = "wg" + ProcessHandle.current().pid();

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void servesAStockWireGuardClient() {
        TestbedClient box = testbed.testbed().client(List.of(UplinkSpec.of("up1", "delay 5ms")));
        DeployedClient known = testbed.deployment().add(box);
        testbed.deployment().startServer();

        try (var stock = new StockWireGuard(
                testbed.testbed(), box.host(), DEVICE + "c", known.keys(), known.address() + "/32")) {
            stock.peer(
                    testbed.deployment().serverKeys().publicKey(),
                    known.presharedKey(),
                    "0.0.0.0/0",
                    "endpoint %s:%d".formatted(Testbed.SERVER, Deployment.PORT));
            stock.route("10.77.0.1/32");
            stock.route("198.19.0.0/24");

            assertThat(Measured.ping("wireguard-go to our server", box.host(), PingReport.command(20, 50, "10.77.0.1"))
                            .lost())
                    .isZero();
            assertThat(Measured.tcp("wireguard-go to our server, up", box.host(), "-t 2 -c " + Testbed.INTERNET))
                    .isGreaterThan(50);
            assertThat(Measured.tcp("wireguard-go to our server, down", box.host(), "-t 2 -R -c " + Testbed.INTERNET))
                    .isGreaterThan(50);
        }
    }

    @Test
    void callsAStockWireGuardServer() {
        TestbedClient box = testbed.testbed().client(List.of(UplinkSpec.of("up1", "delay 5ms")));
        DeployedClient client = testbed.deployment().add(box);
        TestbedHost server = testbed.testbed().server();

        try (var stock = new StockWireGuard(
                testbed.testbed(), server, DEVICE + "s", testbed.deployment().serverKeys(), "10.77.0.1/24")) {
            stock.listen(Deployment.PORT);
            stock.peer(client.keys().publicKey(), client.presharedKey(), client.address() + "/32", "");
            client.agent().start();
            eventually(PATIENCE, () -> box.host().run("ping -c 1 -W 1 10.77.0.1"));
            client.agent().awaitLinks(1, PATIENCE);

            assertThat(Measured.ping("our client to wireguard-go", box.host(), PingReport.command(20, 50, "10.77.0.1"))
                            .lost())
                    .isZero();
            assertThat(Measured.tcp("our client to wireguard-go, up", box.host(), "-t 2 -c 10.77.0.1"))
                    .isGreaterThan(50);
            assertThat(Measured.tcp("our client to wireguard-go, down", box.host(), "-t 2 -R -c 10.77.0.1"))
                    .isGreaterThan(50);
        }
    }

    @Test
    void isDecryptedByAnIndependentDecoder() throws IOException {
        TestbedClient box = testbed.testbed().client(List.of(UplinkSpec.of("up1")));
        TestbedHost server = testbed.testbed().server();
        AgentKeys keys = AgentKeys.generate();
        AgentKeys serverKeys = AgentKeys.generate();
        String presharedKey = AgentKeys.randomSecret();
        var chance = new RecordingRandom();
        var capture = new Capture(testbed.testbed(), testbed.testbed().core(), "srv", "udp");

        int answers;
        try (var stock = new StockWireGuard(testbed.testbed(), server, DEVICE + "d", serverKeys, "10.77.0.1/24")) {
            stock.listen(Deployment.PORT);
            stock.peer(keys.publicKey(), presharedKey, "10.77.0.2/32", "");
            answers = box.host().inside(() -> {
                var address = new InetSocketAddress(InetAddress.ofLiteral(Testbed.SERVER), Deployment.PORT);
                try (var peer = new EmbeddedPeer(keys, serverKeys.publicKey(), presharedKey, address, chance)) {
                    return peer.exchange(echoRequest(), 3, PATIENCE.toNanos());
                }
            });
        }
        capture.stop();

        assertThat(answers).isGreaterThanOrEqualTo(3);
        Path keyLog = testbed.testbed().directory().resolve("wg.keys");
        Files.writeString(keyLog, keyLog(keys, serverKeys, presharedKey, chance.keys()));
        String decoded =
                Shell.script("tshark -r '%s' -o wg.keylog_file:%s 2>/dev/null".formatted(capture.file(), keyLog));
        assertThat(decoded).contains("Handshake Initiation").contains("Handshake Response");
        assertThat(decoded).contains("Echo (ping) request").contains("Echo (ping) reply");
        Measured.print("tshark decrypts: %d echo requests and replies among %d datagrams"
                .formatted(
                        decoded.lines()
                                .filter(line -> line.contains("Echo (ping)"))
                                .count(),
                        decoded.lines().count()));
    }

    private static String keyLog(AgentKeys keys, AgentKeys serverKeys, String presharedKey, List<String> ephemerals) {
        var log = new StringBuilder();
        log.append("LOCAL_STATIC_PRIVATE_KEY = ").append(keys.privateKey()).append('\n');
        log.append("REMOTE_STATIC_PUBLIC_KEY = ").append(serverKeys.publicKey()).append('\n');
        for (String ephemeral : ephemerals) {
            log.append("LOCAL_EPHEMERAL_PRIVATE_KEY = ").append(ephemeral).append('\n');
            log.append("PRESHARED_KEY = ").append(presharedKey).append('\n');
        }
        return log.toString();
    }

    /// An ICMP echo request from 10.77.0.2 to 10.77.0.1 (RFC 791, RFC 792), checksums included.
    private static byte[] echoRequest() {
        byte[] packet = {
            0x45, 0, 0, 28, 0, 1, 0, 0, 64, 1, 0, 0, 10, 77, 0, 2, 10, 77, 0, 1, //
            8, 0, 0, 0, 0x12, 0x34, 0, 1
        };
        putChecksum(packet, 0, 20, 10);
        putChecksum(packet, 20, 28, 22);
        return packet;
    }

    /// RFC 1071
    private static void putChecksum(byte[] packet, int from, int to, int at) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
            sum += (packet[i] & 0xff) << 8 | (packet[i + 1] & 0xff);
        }
        sum = ~((sum & 0xffff) + (sum >>> 16));
        packet[at] = (byte) (sum >> 8);
        packet[at + 1] = (byte) sum;
    }
}
