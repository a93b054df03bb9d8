package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Links that carry less than Ethernet, behind routers that do not say so.
@Tag("system")
class MtuSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// IPv4, UDP, WireGuard and DATA.
    private static final int OVERHEAD = 68;

    private static final int ICMP_AND_IPV4 = 28;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void findsTheMtuAndFollowsALinkThatBecomesNarrow() throws IOException, InterruptedException {
        DeployedClient deployed = testbed.start(List.of(
                UplinkSpec.of("up1", "rate 50mbit", "queue 100ms", "delay 5ms"),
                UplinkSpec.of("up2", "rate 20mbit", "queue 100ms", "delay 15ms", "mtu 1492")));
        TestbedHost client = deployed.host();

        eventually(PATIENCE, () -> assertThat(tunnelMtu(client)).isEqualTo(1_492 - OVERHEAD));
        assertPasses(client, 1_492 - OVERHEAD);

        Path report = testbed.testbed().directory().resolve("download.json");
        Process download = client.start(report, "iperf3", "-J", "-t", "8", "-R", "-c", Testbed.INTERNET);
        TestbedLink narrow = deployed.uplinks().link("up1");
        long before = narrow.receivedBytes();
        eventually(PATIENCE, () -> assertThat(narrow.receivedBytes() - before).isGreaterThan(5_000_000));
        narrow.shape("mtu 1400");

        eventually(PATIENCE, () -> assertThat(tunnelMtu(client)).isEqualTo(1_400 - OVERHEAD));
        assertPasses(client, 1_400 - OVERHEAD);
        assertThat(download.waitFor(30, TimeUnit.SECONDS)).isTrue();
        JsonObject end = new JsonObject(Files.readString(report)).getJsonObject("end");
        double rate = end.getJsonObject("sum_received").getDouble("bits_per_second") / 1e6;
        Measured.print("a link of 50+20 became narrow during a download: %.1f Mbit/s TCP".formatted(rate));
        assertThat(rate).isGreaterThan(30);
    }

    private static void assertPasses(TestbedHost client, int mtu) {
        String ping = "ping -M do -c 5 -i 0.05 -W 2 -s %d %s".formatted(mtu - ICMP_AND_IPV4, Testbed.INTERNET);
        assertThat(client.run(ping)).contains(" 0% packet loss");
    }

    private static int tunnelMtu(TestbedHost client) {
        return Integer.parseInt(client.run("cat /sys/class/net/onebox0/mtu").strip());
    }
}
