package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Links that come and go while traffic flows.
@Tag("system")
@Tag("alone")
class LinkFailureSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Must show 2 promises this.
    private static final Duration BACK_IN_USE = Duration.ofSeconds(5);

    private static final long IN_USE_BYTES = 200_000;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    /// Must show 2: a download survives unplugging and replugging each of three links in turn, and returns to
    /// using all three.
    @Test
    void keepsADownloadAliveWhileEachLinkIsUnpluggedInTurn() throws InterruptedException {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        List<TestbedLink> links = client.uplinks().links();
        Path report = testbed.testbed().directory().resolve("download.json");
        Process download =
                client.host().start(report, "iperf3", "-J", "-i", "0.5", "-t", "60", "-R", "-c", Testbed.INTERNET);
        eventually(PATIENCE, inUse(links));

        List<Double> backAfterSeconds = new ArrayList<>();
        for (TestbedLink link : links) {
            for (WayToLose way : List.of(WayToLose.CARRIER, WayToLose.INTERFACE)) {
                List<TestbedLink> others = new ArrayList<>(links);
                others.remove(link);
                way.apply(link);
                // A link that is back before anybody noticed would prove nothing.
                client.agent().await(PATIENCE, status -> AgentProcess.usableLinks(status) == others.size());
                eventually(PATIENCE, inUse(others));
                link.restore();
                long restoredNs = System.nanoTime();
                eventually(BACK_IN_USE, inUse(links));
                backAfterSeconds.add((System.nanoTime() - restoredNs) / 1e9);
                assertThat(download.isAlive())
                        .as("the download runs while %s comes and goes", link.name())
                        .isTrue();
            }
        }

        assertThat(download.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(download.exitValue()).isZero();
        IperfReport result = IperfReport.parse(read(report));
        double standstill = result.longestStandstill(1);
        Measured.print("60 s download, six unplugs: %.1f Mbit/s, longest standstill %.1f s, links back after %s s"
                .formatted(result.megabitsPerSecond(), standstill, rounded(backAfterSeconds)));
        assertThat(standstill).isLessThanOrEqualTo(1.5);
    }

    /// Passes when each of `links` has received since the first attempt.
    private static Runnable inUse(List<TestbedLink> links) {
        List<Long> before = links.stream().map(TestbedLink::receivedBytes).toList();
        return () -> {
            for (int i = 0; i < links.size(); i++) {
                assertThat(links.get(i).receivedBytes() - before.get(i))
                        .as("bytes received over %s", links.get(i).name())
                        .isGreaterThan(IN_USE_BYTES);
            }
        };
    }

    private static List<String> rounded(List<Double> seconds) {
        return seconds.stream().map("%.1f"::formatted).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
