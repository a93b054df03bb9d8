package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Configurations that change while traffic flows.
@Tag("system")
@Tag("alone")
class ReloadSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Far more than a few seconds of probes, far less than any share of a download.
    private static final long PROBES_BYTES = 100_000;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void letsClientsComeAndGoWithoutLosingAPacketOfTheOthers() {
        DeployedClient first = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
        testbed.deployment().start();
        AgentProcess server = testbed.deployment().server();
        Path report = pingFor(first, 100);

        DeployedClient second = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
        testbed.deployment().writeServerConfig();
        server.reload();
        second.agent().start().awaitLinks(1, PATIENCE);
        second.host().run("ping -c 1 -W 2 " + Testbed.INTERNET);

        testbed.deployment().remove(second);
        testbed.deployment().writeServerConfig();
        server.reload();
        eventually(
                PATIENCE,
                () -> assertThat(second.host()
                                .attempt("ping -c 1 -W 1 " + Testbed.INTERNET)
                                .exitCode())
                        .isNotZero());

        losesNothing(report, "ping across two reloads of the server");
    }

    @Test
    void changesTheUseOfALinkAndRefusesWhatCannotChange() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        Path report = pingFor(client, 160);

        client.writeConfig(client.config() + "\n[[link]]\ninterface = \"up2\"\nrole = \"never\"\n");
        client.agent().reload();
        client.agent().await(PATIENCE, status -> status.encode().contains("role never"));
        TestbedLink excluded = client.uplinks().link("up2");
        long before = excluded.receivedBytes();
        Measured.tcp("download while up2 is never to be used", client.host(), "-t 2 -R -c " + Testbed.INTERNET);
        assertThat(excluded.receivedBytes() - before).isLessThan(PROBES_BYTES);

        client.writeConfig(client.config().replace("\"onebox0\"", "\"onebox7\""));
        client.agent().reload();
        eventually(PATIENCE, () -> assertThat(client.agent().files().logText()).contains("interface"));
        assertThat(client.host().run("ip -br link")).contains("onebox0").doesNotContain("onebox7");
        losesNothing(report, "ping across two reloads of the client");
    }

    @Test
    void keepsRunningWhenTheNewConfigurationIsBroken() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1")));
        Path report = pingFor(client, 40);

        client.writeConfig(client.config() + "\n[nonsense]\nkey = 1\n");
        client.agent().reload();

        eventually(PATIENCE, () -> assertThat(client.agent().files().logText()).contains("nonsense"));
        losesNothing(report, "ping across a reload that was refused");
    }

    private Path pingFor(DeployedClient client, int count) {
        Path report = testbed.testbed().directory().resolve("ping-" + client.name() + ".txt");
        client.host().start(report, PingReport.command(count, 50, Testbed.INTERNET));
        eventually(PATIENCE, () -> Shell.script("grep -qF [5] " + report));
        return report;
    }

    private static void losesNothing(Path report, String what) {
        eventually(Duration.ofSeconds(20), () -> Shell.script("grep -q xmt " + report));
        PingReport ping = PingReport.parse(Shell.script("cat " + report));
        Measured.print(
                "%s: %d of %d lost, largest RTT %.1f ms".formatted(what, ping.lost(), ping.sent(), ping.maxMs()));
        assertThat(ping.lost()).isZero();
    }
}
