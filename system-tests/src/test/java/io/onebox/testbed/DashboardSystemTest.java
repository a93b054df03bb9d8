package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The dashboard of a client in Debian's chromium, on the client's own machine. What is seen stands in
/// `web-ui/test/browser/dashboard.mjs`.
@Tag("system")
@Tag("alone")
class DashboardSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ADDRESS = "127.0.0.1:9585";
    private static final String UNPLUGGED = "up3";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void aBrowserOfTheSameMachineSeesTheLinksLive() throws IOException {
        DeployedClient client = testbed.deployment().add(testbed.testbed().client(UplinkSpec.threeUnequal()));
        Path config = client.agent().files().config();
        Files.writeString(config, Files.readString(config).replace("[api]", "[api]\ndashboard = \"" + ADDRESS + "\""));
        testbed.deployment().start();
        client.agent().awaitLinks(3, PATIENCE);
        TestbedHost host = client.agent().host();
        var traffic = new JsonObject()
                .put("ping", new JsonArray(host.inside("ping", "-q", "-i", "0.004", "-s", "1200", "10.77.0.1")))
                .put("unplug", new JsonArray(host.inside("ip", "link", "set", UNPLUGGED, "down")))
                .put("link", UNPLUGGED)
                .put("pause", new JsonArray(host.inside(pause(client.agent()))));

        Shell.Result result = Shell.attempt(
                "",
                host.inside(
                        Browser.command("dashboard", "DASHBOARD=http://" + ADDRESS, "TRAFFIC=" + traffic.encode())));

        assertThat(result.exitCode())
                .as("%s%s", result.output(), result.errors())
                .isZero();
        Measured.print(result.output());
    }

    private static String[] pause(AgentProcess client) {
        return new String[] {
            AgentProcess.program("client").toString(),
            "links",
            "pause",
            "up2",
            "--socket",
            client.files().socket().toString()
        };
    }
}
