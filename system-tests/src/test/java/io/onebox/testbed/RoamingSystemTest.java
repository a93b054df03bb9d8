package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Public addresses that change under a running session.
@Tag("system")
class RoamingSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void followsAClientWhoseNatRebinds() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1", "rate 20mbit", "delay 10ms")));
        TestbedLink link = client.uplinks().link("up1");
        AgentProcess server = testbed.deployment().server();
        assertThat(server.status().encode()).contains(link.publicAddress());
        Path report = testbed.testbed().directory().resolve("ping.txt");
        client.host().start(report, PingReport.command(60, 50, Testbed.INTERNET));
        eventually(PATIENCE, () -> Shell.script("grep -qF [20] " + report));

        link.rebindNat();

        server.await(PATIENCE, status -> status.encode().contains(link.publicAddress()));
        eventually(PATIENCE, () -> Shell.script("grep -q xmt " + report));
        PingReport result = PingReport.parse(Shell.script("cat " + report));
        Measured.print("ping every 50 ms across a NAT rebinding of the only link: %d of %d lost, largest RTT %.1f ms"
                .formatted(result.lost(), result.sent(), result.maxMs()));
        assertThat(result.lost()).isLessThanOrEqualTo(2);
    }
}
