package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Several clients of one server, one of them dishonest.
@Tag("system")
@Tag("alone")
class MultiClientSystemTest {

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void servesThreeClientsAtOnceAndKeepsThemApart() {
        List<DeployedClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(testbed.deployment()
                    .add(testbed.testbed()
                            .client(List.of(
                                    UplinkSpec.of("up1", "rate 10mbit/20mbit", "queue 100ms", "delay 10ms"),
                                    UplinkSpec.of("up2", "rate 5mbit/10mbit", "queue 100ms", "delay 20ms")))));
        }
        testbed.deployment().start();

        List<CompletableFuture<Double>> downloads = new ArrayList<>();
        for (DeployedClient client : clients) {
            String arguments =
                    "-t 5 -O 1 -R -p %d -c %s".formatted(5201 + client.uplinks().index(), Testbed.INTERNET);
            downloads.add(CompletableFuture.supplyAsync(
                    () -> Measured.tcp("three at once, " + client.name(), client.host(), arguments)));
        }
        downloads.forEach(download -> assertThat(download.join()).isGreaterThan(20));

        TestbedHost thief = clients.get(1).host();
        assertThat(thief.attempt("ping -c 2 -W 1 " + clients.get(0).address()).exitCode())
                .as("clients may not reach each other unless the server says so")
                .isNotZero();
        dropsASpoofedSource(clients.get(0), thief);
    }

    private void dropsASpoofedSource(DeployedClient victim, TestbedHost thief) {
        thief.run("ip addr add %s/32 dev lo".formatted(victim.address()));
        var atServer = new Capture(testbed.testbed(), testbed.testbed().server(), "onebox0", "icmp");
        var atInternet = new Capture(testbed.testbed(), testbed.testbed().internet(), "eth0", "icmp");

        thief.attempt("ping -c 5 -i 0.1 -W 1 -I %s %s".formatted(victim.address(), Testbed.INTERNET));

        assertThat(atServer.stop()).isEmpty();
        assertThat(atInternet.stop()).isEmpty();
        victim.host().run("ping -c 1 -W 2 " + Testbed.INTERNET);
    }
}
