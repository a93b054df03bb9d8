package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A machine that is not as the agent needs it: one clear sentence with the fix, and the right exit code.
@Tag("system")
class BadInputSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int UNAVAILABLE = 69;
    private static final int PERMISSION = 77;
    private static final int CONFIGURATION = 78;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private DeployedClient client() {
        return testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1"))));
    }

    @Test
    void namesThePortThatIsBusy() {
        AgentProcess server = testbed.deployment().server();
        testbed.deployment().writeServerConfig();
        Path log = testbed.testbed().directory().resolve("blocker.log");
        server.host().start(log, "socat", "-u", "UDP6-RECV:51820,ipv6only=0", "/dev/null");
        eventually(PATIENCE, () -> server.host().run("ss -Hlun 'sport = :51820' | grep -q 51820"));

        server.start();

        assertThat(server.awaitExit(PATIENCE)).isNotZero();
        assertThat(sentences(server)).contains("51820");
    }

    @Test
    void saysThatTunIsMissing() {
        DeployedClient client = client();
        AgentFiles files = client.agent().files();

        Shell.Result result = client.host()
                .attempt("unshare -m sh -c 'mount -t tmpfs none /dev/net && exec %s run --config %s'"
                        .formatted(AgentProcess.program("client"), files.config()));

        assertThat(result.errors()).contains("/dev/net/tun");
        assertThat(result.exitCode()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void saysThatThePrivilegeIsMissing() {
        DeployedClient client = client();

        Shell.Result result = client.host()
                .attempt("setpriv --bounding-set -all --inh-caps -all %s run --config %s"
                        .formatted(
                                AgentProcess.program("client"),
                                client.agent().files().config()));

        assertThat(result.errors()).contains("CAP_NET_ADMIN");
        assertThat(result.exitCode()).isEqualTo(PERMISSION);
    }

    @Test
    void refusesASecondAgentWithTheSameInterface() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1")));
        var files = new AgentFiles(testbed.testbed().directory().resolve("second"), "client");
        files.secret("client.key", client.keys().privateKey());
        files.secret("psk", client.presharedKey());
        files.writeConfig(client.config());
        var second = new AgentProcess(client.host(), files);

        second.start();

        assertThat(second.awaitExit(PATIENCE)).isNotZero();
        assertThat(sentences(second)).contains("onebox0");
        client.host().run("ping -c 2 -W 1 " + Testbed.INTERNET);
    }

    @Test
    void keepsTryingAnUnreachableServerAndSaysWhy() {
        DeployedClient client = client();
        client.agent().start().awaitRunning(PATIENCE);

        client.agent()
                .await(PATIENCE, status -> !status.getJsonArray("problems").isEmpty());
        assertThat(client.agent().command("status", "--check", "ready").exitCode())
                .isEqualTo(2);

        testbed.deployment().startServer();
        client.agent().awaitLinks(1, PATIENCE);
        client.host().run("ping -c 1 -W 2 " + Testbed.INTERNET);
    }

    @Test
    void namesEveryErrorOfTheConfigurationAtOnce() {
        DeployedClient client = client();
        client.writeConfig(client.config().replace("fd77::2/128", "fd77::zz/128") + "\n[bonding]\nmode = \"fast\"\n");

        client.agent().start();

        assertThat(client.agent().awaitExit(PATIENCE)).isEqualTo(CONFIGURATION);
        assertThat(sentences(client.agent()))
                .contains("addresses")
                .contains("mode")
                .contains("client.toml:");
    }

    /// What the agent said; a stack trace is not a sentence.
    private static String sentences(AgentProcess agent) {
        String log = agent.files().logText();
        assertThat(log).doesNotContain("\tat ");
        return log;
    }
}
