package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whoever does not know the keys changes nothing, and gets no answer.
@Tag("system")
class HostilePeerSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SocketAddress SERVER = new InetSocketAddress(literal(Testbed.SERVER), Deployment.PORT);

    // Whitepaper 5.4.2, 5.4.3, 5.4.7: sizes of initiation, response and cookie reply, and a transport message.
    private static final int[] MESSAGE_SIZES = {148, 92, 64, 32, 96, 1400};
    private static final int SILENCE_MS = 300;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void ignoresGarbageAndReplays() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1", "delay 5ms")));
        TestbedHost core = testbed.testbed().core();
        var capture = new Capture(testbed.testbed(), core, "srv", "udp dst port " + Deployment.PORT);
        client.agent().kill();
        client.agent().start().awaitLinks(1, PATIENCE);
        client.host().run("ping -q -c 20 -i 0.05 -W 1 " + Testbed.INTERNET);
        capture.stop();
        List<byte[]> seen = payloads(capture.file());
        String before = remote();

        int answersToGarbage = core.inside(() -> answersTo(garbage()));
        int answersToReplay = core.inside(() -> answersTo(seen));

        Measured.print("%d datagrams of garbage: %d answers; %d replayed datagrams: %d answers"
                .formatted(garbage().size(), answersToGarbage, seen.size(), answersToReplay));
        assertThat(seen).hasSizeGreaterThan(20);
        assertThat(answersToGarbage).isZero();
        assertThat(answersToReplay).isZero();
        assertThat(remote()).isEqualTo(before);
        assertThat(Measured.ping(
                                "after garbage and replay", client.host(), PingReport.command(10, 50, Testbed.INTERNET))
                        .lost())
                .isZero();
    }

    @Test
    void keepsStrangersOutWithoutDisturbingAFriend() {
        DeployedClient friend = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
        DeployedClient wrongSecret = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
        DeployedClient stranger = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
        testbed.deployment().remove(stranger);
        testbed.deployment().startServer();
        wrongSecret.agent().files().secret("psk", AgentKeys.randomSecret());

        wrongSecret.agent().start().awaitRunning(PATIENCE);
        stranger.agent().start().awaitRunning(PATIENCE);
        friend.agent().start().awaitLinks(1, PATIENCE);

        assertThat(Measured.ping("beside strangers", friend.host(), PingReport.command(40, 50, Testbed.INTERNET))
                        .lost())
                .isZero();
        assertThat(AgentProcess.usableLinks(wrongSecret.agent().status())).isZero();
        assertThat(AgentProcess.usableLinks(stranger.agent().status())).isZero();
        assertThat(stranger.host().attempt("ping -c 1 -W 1 " + Testbed.INTERNET).exitCode())
                .isNotZero();
    }

    /// Where the server believes its only client to be.
    private String remote() {
        JsonObject client =
                testbed.deployment().server().status().getJsonArray("clients").getJsonObject(0);
        return client.getJsonArray("paths").getJsonObject(0).getString("remote");
    }

    private static List<byte[]> payloads(Path file) {
        return Shell.script("tshark -r '%s' -T fields -e udp.payload 2>/dev/null".formatted(file))
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> HexFormat.of().parseHex(line.strip()))
                .toList();
    }

    /// Random bytes, and random bytes that begin like each of WireGuard's messages.
    private static List<byte[]> garbage() {
        var random = new SplittableRandom(1);
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            var bytes = new byte[i < 150 ? 1 + random.nextInt(1400) : MESSAGE_SIZES[i % MESSAGE_SIZES.length]];
            random.nextBytes(bytes);
            if (i >= 150 && bytes.length >= 4) {
                bytes[0] = (byte) (1 + i % 4);
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = 0;
            }
            datagrams.add(bytes);
        }
        return datagrams;
    }

    /// Sends datagrams from a new port and counts what comes back, until it is quiet.
    private static int answersTo(List<byte[]> datagrams) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(SILENCE_MS);
            for (byte[] datagram : datagrams) {
                socket.send(new DatagramPacket(datagram, datagram.length, SERVER));
            }
            int answers = 0;
            try {
                while (true) {
                    socket.receive(new DatagramPacket(new byte[2048], 2048));
                    answers++;
                }
            } catch (SocketTimeoutException _) {
                return answers;
            }
        }
    }

    private static InetAddress literal(String address) {
        return InetAddress.ofLiteral(address);
    }
}
