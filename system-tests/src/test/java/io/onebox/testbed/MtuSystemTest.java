package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Links that carry less than Ethernet, behind routers that do not say so: the emulator drops what is too large
/// without a word.
@Tag("system")
@Tag("alone")
class MtuSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// IPv4, UDP, WireGuard and DATA.
    private static final int OVERHEAD = 68;

    private static final int WIDE = 1_500 - OVERHEAD;
    private static final int NARROW = 1_400 - OVERHEAD;
    private static final int ICMP_AND_IPV4 = 28;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void carriesAFlowOverLinksOfDifferentSizeAndFollowsTheOneThatIsLeft() throws IOException, InterruptedException {
        DeployedClient client = testbed.start(List.of(
                UplinkSpec.of("up1", "rate 50mbit", "queue 100ms", "delay 5ms"),
                UplinkSpec.of("up2", "rate 20mbit", "queue 100ms", "delay 15ms", "mtu 1400")));
        eventually(PATIENCE, () -> assertThat(client.host().tunnelMtu()).isEqualTo(NARROW));
        assertPasses(client.host(), NARROW);

        Process download = download(client.host(), 5);
        IperfReport result = end(download);
        Measured.print("50+20 Mbit/s, 1500 and 1400 bytes: %.1f Mbit/s TCP, longest standstill %.1f s"
                .formatted(result.megabitsPerSecond(), result.longestStandstill(1)));
        assertThat(result.megabitsPerSecond()).isGreaterThan(50);
        assertThat(result.longestStandstill(1)).isZero();

        TestbedLink narrow = client.uplinks().link("up2");
        narrow.pullCable();
        eventually(PATIENCE, () -> assertThat(client.host().tunnelMtu()).isEqualTo(WIDE));
        assertPasses(client.host(), WIDE);
        narrow.restore();
        eventually(PATIENCE, () -> assertThat(client.host().tunnelMtu()).isEqualTo(NARROW));
    }

    @Test
    void recoversWhenTheOnlyLinkBecomesNarrowWithoutAWord() throws IOException, InterruptedException {
        DeployedClient client =
                testbed.start(List.of(UplinkSpec.of("up1", "rate 50mbit", "queue 100ms", "delay 10ms")));
        eventually(PATIENCE, () -> assertThat(client.host().tunnelMtu()).isEqualTo(WIDE));
        TestbedLink link = client.uplinks().link("up1");
        Process download = download(client.host(), 8);
        long before = link.receivedBytes();
        eventually(PATIENCE, () -> assertThat(link.receivedBytes() - before).isGreaterThan(5_000_000));

        link.shape("mtu 1400");

        TestbedHost server = testbed.testbed().server();
        eventually(PATIENCE, () -> assertThat(server.tunnelMtu()).isEqualTo(NARROW));
        IperfReport result = end(download);
        Measured.print("50 Mbit/s that became narrow during a download: %.1f Mbit/s TCP, longest standstill %.1f s"
                .formatted(result.megabitsPerSecond(), result.longestStandstill(1)));
        assertThat(result.longestStandstill(1)).isLessThanOrEqualTo(3);

        // So far the client has sent nothing large, and cannot know.
        client.host()
                .attempt("ping -M do -c 20 -i 0.1 -W 1 -s %d %s".formatted(WIDE - ICMP_AND_IPV4, Testbed.INTERNET));
        eventually(PATIENCE, () -> assertThat(client.host().tunnelMtu()).isEqualTo(NARROW));
        assertPasses(client.host(), NARROW);
    }

    /// A configured MTU is kept; what the paths do not carry of it is answered, or cut where that is allowed.
    @Test
    void tellsSendersWhatAConfiguredMtuHides() {
        TestbedClient box = testbed.testbed().client(List.of(UplinkSpec.of("up1", "rate 50mbit", "mtu 1400")));
        DeployedClient client = testbed.deployment().add(box, "mtu = 1420");
        testbed.deployment().start();
        assertThat(client.host().tunnelMtu()).isEqualTo(1_420);

        TestbedHost host = client.host();
        assertThat(host.attempt("ping -M do -c 3 -i 0.2 -W 2 -s 1392 " + Testbed.INTERNET)
                        .output())
                .containsPattern("mtu ?= ?" + NARROW);
        assertThat(host.attempt("ping -M do -c 3 -i 0.2 -W 2 -s 1372 " + Testbed.INTERNET6)
                        .output())
                .containsPattern("mtu ?= ?" + NARROW);
        host.run("ip route flush cache");
        assertThat(host.run("ping -M dont -c 3 -i 0.2 -W 2 -s 1392 " + Testbed.INTERNET))
                .contains(" 0% packet loss");
        assertThat(host.run("curl -sS -m 20 http://%s/ | sha256sum".formatted(Testbed.INTERNET)))
                .isEqualTo(Shell.script("sha256sum < " + testbed.testbed().page()));
        assertThat(client.host().tunnelMtu()).isEqualTo(1_420);
    }

    private Path report() {
        return testbed.testbed().directory().resolve("download.json");
    }

    private Process download(TestbedHost client, int seconds) {
        String time = Integer.toString(seconds);
        return client.start(report(), "iperf3", "-J", "-i", "0.5", "-t", time, "-R", "-c", Testbed.INTERNET);
    }

    private IperfReport end(Process download) throws IOException, InterruptedException {
        assertThat(download.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return IperfReport.parse(Files.readString(report()));
    }

    private static void assertPasses(TestbedHost client, int mtu) {
        String ping = "ping -M do -c 5 -i 0.05 -W 2 -s %d %s".formatted(mtu - ICMP_AND_IPV4, Testbed.INTERNET);
        assertThat(client.run(ping)).contains(" 0% packet loss");
    }
}
