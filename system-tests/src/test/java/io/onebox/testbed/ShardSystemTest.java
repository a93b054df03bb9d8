package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A server whose sessions are shared by two shards.
@Tag("system")
class ShardSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CLIENTS = 3;
    private static final int REBINDINGS = 4;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    /// With four new source addresses of each of three clients, a choice by address alone would send one of them to the
    /// wrong shard in all but one of four thousand runs.
    @Test
    void followsClientsWhoseAddressesChange() {
        List<DeployedClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1", "delay 5ms")))));
        }
        testbed.deployment().shards("2").start();
        AgentProcess server = testbed.deployment().server();
        assertThat(server.host().run("ss -Hluan sport = :51820").lines())
                .as("one socket for each shard")
                .hasSize(2);

        for (int i = 0; i < REBINDINGS; i++) {
            for (DeployedClient client : clients) {
                TestbedLink link = client.uplinks().link("up1");
                link.rebindNat();
                client.host().run("ping -q -c 3 -i 0.05 -W 5 " + Testbed.INTERNET);
                server.await(PATIENCE, status -> status.encode().contains(link.publicAddress()));
            }
        }
        String status = server.status().encode();
        clients.forEach(client -> assertThat(status).contains(client.keys().publicKey()));

        testbed.deployment().remove(clients.getFirst());
        testbed.deployment().writeServerConfig();
        server.command("reload");
        eventually(
                PATIENCE,
                () -> assertThat(server.status().encode())
                        .doesNotContain(clients.getFirst().keys().publicKey()));
        clients.getLast().host().run("ping -q -c 3 -i 0.05 -W 5 " + Testbed.INTERNET);
    }

    /// What has nothing to do costs nothing: the second shard has no client.
    @Test
    @Tag("alone")
    @Tag("long")
    void aSecondShardCostsNothingWhenIdle() {
        DeployedClient client =
                testbed.deployment().add(testbed.testbed().client(List.of(UplinkSpec.of("up1", "delay 5ms"))));
        testbed.deployment().shards("1").start();
        Cost one = idleCost(client);
        testbed.deployment().server().stop();
        testbed.deployment().shards("2").startServer();
        Cost two = idleCost(client);

        Measured.print("server with one client, idle: one shard %s; two shards %s".formatted(one, two));
        assertThat(two.percent()).isLessThan(one.percent() + 0.2);
        assertThat(two.mebibytes()).isLessThan(one.mebibytes() + 10);
    }

    private record Cost(double percent, double mebibytes) {
        @Override
        public String toString() {
            return "%.2f %% of a core, %.0f MiB".formatted(percent, mebibytes);
        }
    }

    private Cost idleCost(DeployedClient client) {
        AgentProcess server = testbed.deployment().server();
        client.host().run("ping -q -c 20 -i 0.1 -w 15 " + Testbed.INTERNET);
        tenSeconds(client);
        double before = server.cpuSeconds();
        long startNs = System.nanoTime();
        tenSeconds(client);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        return new Cost(100 * (server.cpuSeconds() - before) / seconds, server.residentMebibytes());
    }

    /// Pings that do not touch the agent.
    private static void tenSeconds(DeployedClient client) {
        client.host().run("ping -q -c 11 -i 1 127.0.0.1");
    }
}
