package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A link that goes, and a link that comes, while little is sent.
@Tag("system")
class LinkChangeSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long IN_USE_BYTES = 200_000;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    /// Must show 3: not one ping is lost across the unplugging of the link that carries them.
    @ParameterizedTest
    @EnumSource(WayToLose.class)
    void losesNoPingWhenALinkGoes(WayToLose way) throws InterruptedException {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        Path report = testbed.testbed().directory().resolve("ping.txt");
        Process ping = client.host().start(report, PingReport.command(100, 50, Testbed.INTERNET));
        eventually(PATIENCE, () -> assertThat(Shell.script("cat " + report)).contains("[30]"));

        way.apply(client.uplinks().link("up1"));

        assertThat(ping.waitFor(20, TimeUnit.SECONDS)).isTrue();
        PingReport result = PingReport.parse(Shell.script("cat " + report));
        Measured.print("ping every 50 ms across %s: %d of %d lost, largest RTT %.1f ms"
                .formatted(way, result.lost(), result.sent(), result.maxMs()));
        assertThat(result.lost()).isZero();
    }

    @Test
    void takesALinkIntoUseThatAppears() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1", "rate 20mbit", "delay 10ms")));

        TestbedLink added = client.uplinks().plug(UplinkSpec.of("up2", "rate 20mbit", "delay 10ms"));
        client.agent().awaitLinks(2, PATIENCE);
        long before = added.receivedBytes();
        Measured.tcp("a second link appeared", client.host(), "-t 3 -R -c " + Testbed.INTERNET);

        assertThat(added.receivedBytes() - before).isGreaterThan(IN_USE_BYTES);
    }
}
