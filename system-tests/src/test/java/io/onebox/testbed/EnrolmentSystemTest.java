package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.Fingerprint;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A controller, a server and a client, all of them programs of the distribution: nobody edits a file by hand.
@Tag("system")
class EnrolmentSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVER_INSIDE = "10.77.0.1";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private ControllerProcess controller;
    private AgentProcess server;
    private AgentProcess client;

    @BeforeEach
    void enrolBoth() {
        long beganNs = System.nanoTime();
        Path directory = testbed.testbed().directory();
        client = testbed.deployment()
                .add(testbed.testbed().client(UplinkSpec.threeUnequal()))
                .agent();
        server = testbed.deployment().server();
        controller = new ControllerProcess(testbed.testbed().server(), Testbed.SERVER, directory.resolve("controller"));
        testbed.deployment().start(controller);
        client.host().run("ping -c 1 -W 2 " + SERVER_INSIDE);
        Measured.print("from no controller to the first ping: %.1f s".formatted((System.nanoTime() - beganNs) / 1e9));
    }

    @AfterEach
    void endController() {
        controller.close();
    }

    @Test
    void carriesTrafficAsTheControllerSaysAndGoesOnWithoutIt() throws InterruptedException {
        assertThat(client.status().getJsonObject("control"))
                .isEqualTo(new JsonObject("{\"state\":\"connected\",\"configRevision\":1,\"configState\":\"applied\","
                        + "\"reason\":null}"));
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .agent("client0")
                                .getJsonObject("configuration")
                                .getString("state"))
                        .isEqualTo("applied"));
        recogniseAnotherControllerAndTellItNothing();
        keepTheirSecrets();
        disableAndEnable();
        getNewKeys();
        goOnWithoutController();
        tellOfThemselves();
    }

    private void tellOfThemselves() {
        String path = "/agents/" + controller.agent("client0").getString("id");
        eventually(
                PATIENCE,
                () -> assertThat(controller.ask("GET", path + "/stats", "").encode())
                        .contains("up1", "up2", "up3", "rttSeconds"));
        assertThat(controller.ask("GET", path + "/events", "").encode())
                .contains("link.up", "tunnel.down", "agent.online");
    }

    private void disableAndEnable() {
        String id = controller.agent("client0").getString("id");
        toldOf(id, "tunnel.up");
        controller.ask("POST", "/agents/" + id + "/disable", "");
        long disabledNs = System.nanoTime();
        eventually(PATIENCE, () -> assertThat(canPing()).isFalse());
        double seconds = (System.nanoTime() - disabledNs) / 1e9;
        Measured.print("disabled: the data plane stood still after %.1f s".formatted(seconds));
        assertThat(seconds).isLessThan(2 + 1); // The last ping waits a second.
        eventually(PATIENCE, () -> assertThat(client.host().run("ip -br link")).doesNotContain("onebox0"));
        toldOf(id, "tunnel.down"); // Before the backup that the controller is restored from.

        controller.ask("POST", "/agents/" + id + "/enable", "");
        eventually(PATIENCE, () -> assertThat(canPing()).isTrue());
    }

    /// The client's keys first, then the server's, under a ping 20 times a second.
    private void getNewKeys() throws InterruptedException {
        for (String name : List.of("client0", "server")) {
            String path = "/agents/" + controller.agent(name).getString("id");
            String words = controller.agent(name).getString("words");
            Path report = testbed.testbed().directory().resolve(name + ".ping");
            Process ping = client.host().start(report, "ping", "-i", "0.05", "-c", "300", "-W", "2", SERVER_INSIDE);
            controller.ask("POST", path + "/rekey", "");
            eventually(
                    PATIENCE,
                    () -> assertThat(controller.agent(name).getString("words")).isNotEqualTo(words));
            assertThat(ping.waitFor(30, TimeUnit.SECONDS)).isTrue();
            int lost = PingReport.parse(Shell.script("cat " + report)).lost();
            Measured.print("new keys of the %s: %d of 300 pings lost, 50 ms apart".formatted(name, lost));
            assertThat(lost * 0.05).as("seconds without the tunnel").isLessThanOrEqualTo(1);
            eventually(PATIENCE, () -> assertThat(configState(client)).isEqualTo("applied"));
        }
    }

    private void toldOf(String agent, String event) {
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .ask("GET", "/agents/" + agent + "/events", "")
                                .encode())
                        .contains(event));
    }

    private void goOnWithoutController() {
        eventually(PATIENCE, () -> {
            assertThat(configState(server))
                    .as("what is provisional is gone after a restart")
                    .isEqualTo("applied");
            assertThat(configState(client)).isEqualTo("applied");
        });
        controller.backup();
        controller.kill();
        assertThat(canPing()).isTrue();
        client.stop();
        server.stop();
        server.start();
        client.start().awaitLinks(3, PATIENCE);
        assertThat(canPing()).isTrue();
        assertThat(client.status().getJsonObject("control").getString("state")).isEqualTo("connecting");

        controller.lose();
        controller.restore().start();
        eventually(
                Duration.ofSeconds(60),
                () -> assertThat(client.status().getJsonObject("control").getString("state"))
                        .isEqualTo("connected"));
        assertThat(canPing()).isTrue();
    }

    @Test
    @Tag("long")
    void rollsBackWhatDoesNotWork() {
        JsonObject known = controller.agent("server");
        String path = "/agents/" + known.getString("id");

        controller.ask("PATCH", path, "{\"endpoints\":[\"192.0.2.7:51820\"]}");

        eventually(Duration.ofSeconds(60), () -> assertThat(configState(client)).isEqualTo("rolled back"));
        eventually(PATIENCE, () -> assertThat(canPing()).isTrue());
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .agent("client0")
                                .getJsonObject("configuration")
                                .getString("reason"))
                        .isEqualTo("the server was not reached"));
        assertThat(client.command("status").output()).contains("rolled back");

        controller.ask("PATCH", path, "{\"endpoints\":[\"" + Testbed.SERVER + ":51820\"]}");
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .agent("client0")
                                .getJsonObject("configuration")
                                .getString("state"))
                        .isEqualTo("applied"));
    }

    private static String configState(AgentProcess agent) {
        return agent.status().getJsonObject("control").getString("configState");
    }

    private boolean canPing() {
        return client.host().attempt("ping -c 1 -W 1 " + SERVER_INSIDE).exitCode() == 0;
    }

    private void recogniseAnotherControllerAndTellItNothing() {
        String text = Shell.script("cat " + controller.token("client"));
        var token = ((EnrolmentToken.Parsed.Valid) EnrolmentToken.parse(text)).token();
        var elsewhere = new EnrolmentToken(
                token.role(),
                false,
                Bytes.of(HexFormat.of().parseHex(token.id())),
                Bytes.of(new byte[EnrolmentToken.SECRET_LENGTH]),
                new Fingerprint(Bytes.of(new byte[Digests.LENGTH])),
                token.urls());
        var other = new AgentProcess(
                client.host(), new AgentFiles(testbed.testbed().directory().resolve("other"), "client"));
        other.files().writeConfig("");

        Shell.Result result = Shell.attempt(
                elsewhere.text(),
                client.host()
                        .inside(
                                AgentProcess.program("client").toString(),
                                "enrol",
                                "--token-file",
                                "-",
                                "--config",
                                other.files().config().toString()));

        assertThat(result.exitCode()).isEqualTo(77);
        assertThat(result.errors()).contains("not the one this token expects");
    }

    /// Secrets are in files of mode 0600 and nowhere else.
    private void keepTheirSecrets() {
        Path directory = testbed.testbed().directory();
        String token = Shell.script("cat " + directory.resolve("controller/client.token"))
                .strip();

        assertThat(controller.logText()).doesNotContain(token, "a password for the testbed");
        assertThat(client.files().logText()).doesNotContain(token);
        assertThat(Shell.script("find %s -name '*.key' ! -perm 0600".formatted(directory)))
                .isEmpty();
        assertThat(List.of(Shell.script("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")))
                .noneMatch(commands -> commands.contains(token));
    }
}
