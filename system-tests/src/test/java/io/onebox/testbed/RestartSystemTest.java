package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Agents that stop, start, and are killed: sessions come back and hosts are left as they were found.
@Tag("system")
class RestartSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void comesBackAfterTheServerWasRestarted() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        AgentProcess server = testbed.deployment().server();

        server.stop();
        long startNs = System.nanoTime();
        server.start();
        eventually(PATIENCE, () -> pings(client));
        Measured.print("server restarted: first ping answered after %.1f s".formatted(secondsSince(startNs)));

        server.kill();
        startNs = System.nanoTime();
        server.start();
        eventually(PATIENCE, () -> pings(client));
        Measured.print("server killed and started: first ping answered after %.1f s".formatted(secondsSince(startNs)));
        client.agent().awaitLinks(3, PATIENCE);
    }

    @Test
    void comesBackAfterTheClientWasRestartedOrKilled() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());

        client.agent().stop();
        long startNs = System.nanoTime();
        client.agent().start().awaitLinks(3, PATIENCE);
        Measured.print("client restarted: three links usable after %.1f s".formatted(secondsSince(startNs)));
        pings(client);

        client.agent().kill();
        client.agent().start().awaitLinks(3, PATIENCE);
        pings(client);
    }

    @Test
    void leavesHostsAsTheyWereAlsoAfterAKill() {
        DeployedClient client = testbed.deployment().add(testbed.testbed().client(UplinkSpec.threeUnequal()));
        AgentProcess server = testbed.deployment().server();
        String clientBefore = HostState.of(client.host());
        String serverBefore = HostState.of(server.host());

        testbed.deployment().start();
        assertThat(HostState.of(client.host())).isNotEqualTo(clientBefore);
        client.agent().stop();
        server.stop();
        assertThat(HostState.of(client.host())).isEqualTo(clientBefore);
        assertThat(HostState.of(server.host())).isEqualTo(serverBefore);

        testbed.deployment().start();
        client.agent().kill();
        server.kill();
        testbed.deployment().start();
        client.agent().stop();
        server.stop();
        assertThat(HostState.of(client.host())).isEqualTo(clientBefore);
        assertThat(HostState.of(server.host())).isEqualTo(serverBefore);
    }

    private static void pings(DeployedClient client) {
        client.host().run("ping -c 1 -W 1 " + Testbed.INTERNET);
        client.host().run("ping -c 1 -W 1 " + Testbed.INTERNET6);
    }

    private static double secondsSince(long startNs) {
        return (System.nanoTime() - startNs) / 1e9;
    }
}
