package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// State directories on small file systems of their own, which are filled to the last byte and emptied again.
@Tag("system")
class FullDiskSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVER_INSIDE = "10.77.0.1";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private ControllerProcess controller;
    private TestbedHost controllers;
    private AgentProcess client;
    private Path controllersState;
    private Path clientsState;

    @BeforeEach
    void enrolOnSmallDisks() {
        Path directory = testbed.testbed().directory();
        DeployedClient deployed = testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.plain("up1"))));
        client = deployed.agent();
        clientsState = client.files().directory().resolve("state");
        smallDisk(client.host(), clientsState, "2m");
        controllers = testbed.testbed().controller();
        controllersState = directory.resolve("controller/state");
        smallDisk(controllers, controllersState, "32m");
        controller = new ControllerProcess(controllers, Testbed.CONTROLLER, directory.resolve("controller"));
        testbed.deployment().start(controller);
    }

    @AfterEach
    void endController() {
        controller.close();
    }

    private void smallDisk(TestbedHost host, Path place, String size) {
        host.ownFiles(testbed.testbed().directory().resolve("etc-" + host));
        host.run("mkdir -p %s && mount -t tmpfs -o mode=700,size=%s tmpfs %s".formatted(place, size, place));
    }

    @Test
    void aControllerRefusesToWriteAndGoesOnWhenThereIsSpace() {
        int before = tokens();
        fill(controllers, controllersState);

        Shell.Result refused = askForToken();

        assertThat(refused.output()).endsWith("507").contains("urn:onebox:problem:disk_full", "free space on it");
        // What is asked writes a little itself, which may find room where more did not.
        eventually(PATIENCE, () -> assertThat(health()).isEqualTo("not ready: the disk is full\n503"));
        assertThat(tokens()).as("what is there can be read").isEqualTo(before);
        assertThat(controller.agent("client0").getBoolean("connected")).isTrue();
        assertThat(control().getString("state")).isEqualTo("connected");
        client.host().run("ping -c 3 -i 0.2 -W 1 " + SERVER_INSIDE);

        controllers.run("rm " + controllersState.resolve("fill"));

        assertThat(health()).isEqualTo("ready\n200");
        assertThat(askForToken().output()).endsWith("201");
        assertThat(tokens()).isEqualTo(before + 1);
        assertThat(control().getString("state")).isEqualTo("connected");
        controller.backup(); // Reads all of it.
    }

    /// Nothing that was answered is lost, and nothing stands in the way of a start, if it is killed then.
    @Test
    void aControllerThatDiesOnAFullDiskIsWholeAfterwards() {
        int before = tokens();
        fill(controllers, controllersState);
        assertThat(askForToken().output()).endsWith("507");

        controller.kill();
        controllers.run("rm " + controllersState.resolve("fill"));
        controller.start();

        assertThat(tokens()).isEqualTo(before);
        assertThat(askForToken().output()).endsWith("201");
        eventually(
                PATIENCE,
                () -> assertThat(controller.agent("client0").getBoolean("connected"))
                        .isTrue());
    }

    @Test
    void anAgentUsesWhatItCannotKeepAndSaysSo() {
        eventually(
                PATIENCE, () -> assertThat(control().getString("configState")).isEqualTo("applied"));
        String kept = lastGood();
        fill(client.host(), clientsState);

        String path = "/agents/" + controller.agent("client0").getString("id") + "/links/up1";
        controller.ask("PUT", path, "{\"metered\":true}");

        eventually(PATIENCE, () -> assertThat(control().getString("reason")).contains("No space left on device"));
        assertThat(control().getLong("configRevision")).isEqualTo(2);
        assertThat(client.command("status").output()).contains("a restart would lose it");
        assertThat(lastGood()).as("what a restart begins with").isEqualTo(kept);
        client.host().run("ping -c 3 -i 0.2 -W 1 " + SERVER_INSIDE);
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .agent("client0")
                                .getJsonObject("configuration")
                                .getString("reason"))
                        .contains("No space left on device"));

        client.host().run("rm " + clientsState.resolve("fill"));

        eventually(
                PATIENCE, () -> assertThat(control().getString("configState")).isEqualTo("applied"));
        assertThat(control().getString("reason")).isNull();
        assertThat(lastGood()).isNotEqualTo(kept);
    }

    /// To the last byte, so that even a short file has no room.
    private static void fill(TestbedHost host, Path directory) {
        host.run("cat /dev/zero >%s/fill 2>/dev/null || true".formatted(directory));
    }

    private String lastGood() {
        return client.host().run("cat %s/control-client/config.json".formatted(clientsState));
    }

    private JsonObject control() {
        return client.status().getJsonObject("control");
    }

    private int tokens() {
        return controller.ask("GET", "/enrol-tokens", "").getJsonArray("items").size();
    }

    private Shell.Result askForToken() {
        return ask(
                "-X POST -H 'content-type: application/json' -d '{\"role\":\"client\"}' -H 'cookie: %s' %s/enrol-tokens"
                        .formatted(controller.cookie(), ControllerProcess.api()));
    }

    private String health() {
        return ask("https://127.0.0.1:%d/health/ready".formatted(ControllerProcess.PORT))
                .output();
    }

    private Shell.Result ask(String what) {
        return controllers.attempt("curl -sSk -w '%{http_code}' " + what);
    }
}
