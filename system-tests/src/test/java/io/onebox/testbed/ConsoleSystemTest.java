package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The console in Debian's chromium, against a real controller, with agents that enrol from its dialog. What is
/// clicked and seen stands in `web-ui/test/browser/main.mjs`; its pictures are in `web-ui/target/pictures`.
@Tag("system")
@Tag("alone")
class ConsoleSystemTest {

    private static final String UNPLUGGED = "up3";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private ControllerProcess controller;

    @AfterEach
    void endController() {
        controller.close();
    }

    @Test
    void everyPageDoesWhatItSays() {
        AgentProcess client = testbed.deployment()
                .add(testbed.testbed().client(UplinkSpec.threeUnequal()))
                .agent();
        AgentProcess server = testbed.deployment().server();
        Path directory = testbed.testbed().directory().resolve("controller");
        controller = new ControllerProcess(testbed.testbed().server(), Testbed.SERVER, directory)
                .init()
                .addUser("viewer")
                .start();
        Path fresh = testbed.testbed().directory().resolve("anew");
        var anew = new AgentProcess(client.host(), new AgentFiles(fresh, "client"));
        var agents = new JsonObject()
                .put("client", commands(client, "van"))
                .put("server", commands(server, "frankfurt"))
                .put("anew", commands(anew, "van"));
        long beganNs = System.nanoTime();

        Shell.Result result = Shell.attempt(
                "",
                testbed.testbed()
                        .server()
                        .inside(Browser.command(
                                "main",
                                "CONSOLE=https://127.0.0.1:8443",
                                "PASSWORD=" + ControllerProcess.PASSWORD,
                                "AGENTS=" + agents.encode(),
                                "TRAFFIC=" + traffic(client.host()).encode())));

        assertThat(result.exitCode())
                .as("%s%s%ncontroller:%n%s", result.output(), result.errors(), controller.logText())
                .isZero();
        Measured.print("the console in a browser: %.0f s".formatted((System.nanoTime() - beganNs) / 1e9));
        Measured.print(result.output());
    }

    /// How the browser's side makes an agent enrol with a token from its standard input, and how it runs it.
    private static JsonObject commands(AgentProcess agent, String name) {
        agent.files().writeConfig("");
        String program = AgentProcess.program(agent.files().role()).toString();
        String config = agent.files().config().toString();
        return new JsonObject()
                .put("enrol", line(agent, program, "enrol", "--config", config, "--token-file", "-", "--name", name))
                .put("run", line(agent, program, "run", "--config", config));
    }

    /// How the browser's side lets traffic flow, and takes a link away.
    private static JsonObject traffic(TestbedHost client) {
        return new JsonObject()
                .put("ping", new JsonArray(client.inside("ping", "-q", "-i", "0.004", "-s", "1200")))
                .put("unplug", new JsonArray(client.inside("ip", "link", "set", UNPLUGGED, "down")))
                .put("link", UNPLUGGED);
    }

    private static JsonArray line(AgentProcess agent, String... command) {
        return new JsonArray(List.copyOf(agent.host().inside(command)));
    }
}
