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
@Tag("alone")
class EnrolmentSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How long a configuration is on trial, unless it says otherwise.
    private static final Duration CONFIRM = Duration.ofSeconds(30);

    /// Until the client has the change, until it has begun anew with the configuration before, and until we have
    /// noticed: a few seconds.
    private static final Duration ON_THE_WAY = Duration.ofSeconds(8);

    private static final String SERVER_INSIDE = "10.77.0.1";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private ControllerProcess controller;
    private AgentProcess server;
    private DeployedClient deployed;
    private AgentProcess client;

    @BeforeEach
    void enrolBoth() {
        long beganNs = System.nanoTime();
        Path directory = testbed.testbed().directory();
        deployed = testbed.deployment().add(testbed.testbed().client(UplinkSpec.threeUnequal()));
        client = deployed.agent();
        server = testbed.deployment().server();
        controller = new ControllerProcess(testbed.testbed().server(), Testbed.SERVER, directory.resolve("controller"));
        testbed.deployment().start(controller);
        client.host().run("ping -c 1 -W 2 " + SERVER_INSIDE);
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        Measured.print("from no controller to the first ping: %.1f s".formatted(seconds));
        assertThat(seconds).isLessThanOrEqualTo(60);
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
        setUpAnew();
        goOnWithoutController();
        tellOfThemselves();
        moveToAnotherServer();
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

    /// The client's keys first, by the command on its machine, then the server's, from the controller; under a ping 20
    /// times a second.
    private void getNewKeys() throws InterruptedException {
        for (String name : List.of("client0", "server")) {
            String path = "/agents/" + controller.agent(name).getString("id");
            String words = controller.agent(name).getString("words");
            Path report = testbed.testbed().directory().resolve(name + ".ping");
            Process ping = client.host().start(report, PingReport.command(300, 50, SERVER_INSIDE));
            if (name.equals("server")) {
                controller.ask("POST", path + "/rekey", "");
            } else {
                assertThat(client.command("rekey").exitCode()).isZero();
            }
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

    /// The client's machine has lost all it had, its keys too; its name is taken by the agent it was.
    private void setUpAnew() {
        String path = "/agents/" + controller.agent("client0").getString("id");
        client.stop();
        Shell.run(
                List.of("rm", "-r", client.files().directory().resolve("state").toString()));

        Shell.Result claim = enrolAgain();

        assertThat(claim.exitCode()).isZero();
        assertThat(new JsonObject(claim.output()).getString("reason")).isEqualTo("name_conflict");
        JsonObject known = controller.agent("client0");
        String words = new JsonObject(claim.output()).getString("words");
        assertThat(known.getJsonObject("claim").getString("words")).isEqualTo(words);
        assertThat(known.getString("words")).isNotEqualTo(words);

        assertThat(controller.ask("POST", path + "/reclaim", "").getString("words"))
                .isEqualTo(words);
        assertThat(new JsonObject(enrolAgain().output()).getString("state")).isEqualTo("active");
        client.start().awaitLinks(3, PATIENCE);
        assertThat(canPing()).isTrue();
    }

    private Shell.Result enrolAgain() {
        return client.command(
                "enrol",
                "--json",
                "--name",
                "client0",
                "--token-file",
                controller.token("client").toString(),
                "--config",
                client.files().config().toString());
    }

    /// Both servers are pinged 20 times a second, by the client that changes from one to the other.
    private void moveToAnotherServer() throws InterruptedException {
        Path directory = testbed.testbed().directory();
        var files = new AgentFiles(directory.resolve("second"), "server");
        try (var second = new AgentProcess(testbed.testbed().controller(), files)) {
            second.enrol(controller.token("server"), "second").start().awaitRunning(PATIENCE);
            JsonObject known = controller.agent("second");
            String inside = known.getJsonArray("addresses").getString(0).replaceFirst("/.*", "");
            Path before = directory.resolve("before.ping");
            Path after = directory.resolve("after.ping");
            Process leaving = client.host().start(before, PingReport.command(200, 50, SERVER_INSIDE));
            Process coming = client.host().start(after, PingReport.command(200, 50, inside));
            eventually(
                    PATIENCE,
                    () -> assertThat(PingReport.times(Shell.script("cat " + before)))
                            .as("answers before the move")
                            .hasSizeGreaterThan(20));
            String path = "/assignments/" + controller.agent("client0").getString("id");

            controller.ask("PUT", path, "{\"server\":\"%s\"}".formatted(known.getString("id")));

            assertThat(leaving.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(coming.waitFor(30, TimeUnit.SECONDS)).isTrue();
            double seconds = PingReport.times(Shell.script("cat " + after)).getFirst()
                    - PingReport.times(Shell.script("cat " + before)).getLast();
            Measured.print("from one server to another: %.2f s without any".formatted(seconds));
            assertThat(seconds).isLessThanOrEqualTo(1);
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
        TestbedLink link = deployed.uplinks().links().getFirst();
        link.pullCable();
        eventually(PATIENCE, () -> assertThat(canPing()).isTrue());
        client.await(PATIENCE, status -> AgentProcess.usableLinks(status) == 2);
        link.restore();
        client.awaitLinks(3, PATIENCE);

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

        long beganNs = System.nanoTime();
        controller.ask("PATCH", path, "{\"endpoints\":[\"192.0.2.7:51820\"]}");

        rolledBackInTime("a server that is not there", beganNs);
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
        workAgain();
        rollBackAWrongKey(known.getString("id"));
    }

    /// A server that is not there, said to be where the real one is: that answers to nobody who takes it for another.
    private void rollBackAWrongKey(String server) {
        String path = "/assignments/" + controller.agent("client0").getString("id");
        var files = new AgentFiles(testbed.testbed().directory().resolve("impostor"), "server");
        new AgentProcess(testbed.testbed().server(), files).enrol(controller.token("server"), "impostor");
        String impostor = controller.agent("impostor").getString("id");

        long beganNs = System.nanoTime();
        controller.ask("PUT", path, "{\"server\":\"%s\"}".formatted(impostor));

        rolledBackInTime("a wrong key", beganNs);
        eventually(
                PATIENCE,
                () -> assertThat(controller
                                .agent("client0")
                                .getJsonObject("configuration")
                                .getString("state"))
                        .isEqualTo("rolled back"));
        assertThat(client.command("status").output()).contains("rolled back");
        eventually(
                PATIENCE, () -> assertThat(canPing()).as("by the server before").isTrue());

        controller.ask("PUT", path, "{\"server\":\"%s\"}".formatted(server));
        workAgain();
        eventually(PATIENCE, () -> assertThat(canPing()).isTrue());
    }

    private void rolledBackInTime(String what, long beganNs) {
        eventually(PATIENCE.plus(CONFIRM), () -> assertThat(configState(client)).isEqualTo("rolled back"));
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        Measured.print("%s, from the change to the configuration before: %.1f s".formatted(what, seconds));
        assertThat(seconds)
                .isLessThanOrEqualTo((double) CONFIRM.plus(ON_THE_WAY).toSeconds());
    }

    private void workAgain() {
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
