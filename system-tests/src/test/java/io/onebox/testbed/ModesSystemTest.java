package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The modes that are not the default, as the client's file asks for them; the server's says nothing.
@Tag("system")
class ModesSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String STREAM = "-t 4 -b 4M -l 1200 -c ";

    /// 1 kbit/s for the four seconds of a stream; the rest is a probe and its answer.
    private static final long NOTHING_BYTES = 1_000;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void redundantHidesLossAndIsChangedToCostAwareWhileItRuns() {
        DeployedClient client = testbed.start(List.of(
                UplinkSpec.of("up1", "rate 20mbit", "queue 100ms", "delay 10ms", "loss 5%"),
                UplinkSpec.of("up2", "rate 20mbit", "queue 100ms", "delay 25ms", "loss 5%")));
        String aggregate = client.config();
        TestbedLink metered = client.uplinks().link("up2");

        change(client, aggregate + "\n[bonding]\nmode = \"redundant\"\n", "redundant");
        IperfReport down = Measured.udp("redundant, 5 % loss, down", client.host(), STREAM + Testbed.INTERNET + " -R");
        IperfReport up = Measured.udp("redundant, 5 % loss, up", client.host(), STREAM + Testbed.INTERNET);
        assertThat(down.lostShare()).isLessThan(0.003);
        assertThat(up.lostShare()).isLessThan(0.003);

        String costAware = "\n[bonding]\nmode = \"cost-aware\"\n[[link]]\ninterface = \"up2\"\nmetered = true\n";
        change(client, aggregate + costAware, "cost-aware");
        client.agent().await(PATIENCE, status -> status.encode().contains("standby"));
        eventually(PATIENCE, () -> carriesNothing(client, metered));

        long before = metered.receivedBytes();
        Measured.tcp("cost-aware, more than up1 carries", client.host(), "-t 4 -R -c " + Testbed.INTERNET);
        assertThat(metered.receivedBytes() - before).isGreaterThan(1_000_000);
        eventually(PATIENCE, () -> carriesNothing(client, metered));
    }

    private static void carriesNothing(DeployedClient client, TestbedLink link) {
        long before = link.receivedBytes();
        Measured.udp("cost-aware, less than up1 carries", client.host(), STREAM + Testbed.INTERNET + " -R");
        long bytes = link.receivedBytes() - before;
        Measured.print("bytes over the metered link meanwhile: " + bytes);
        assertThat(bytes).isLessThan(NOTHING_BYTES);
    }

    private static void change(DeployedClient client, String config, String mode) {
        client.writeConfig(config);
        client.agent().reload();
        client.agent()
                .await(
                        PATIENCE,
                        status -> mode.equals(status.getJsonObject("bond").getString("mode")));
    }
}
