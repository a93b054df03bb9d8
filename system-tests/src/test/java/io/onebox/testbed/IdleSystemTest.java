package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Must show 6: what agents cost when there is nothing to do. How much of a core that is depends on the machine, and is
/// measured by `bin/bench dataplane --row f`; how often an agent wakes up does not.
@Tag("system")
@Tag("alone")
class IdleSystemTest {

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    /// A guess above what was measured: 31 to 39 on 27 November 2026, in eight runs beside builds and tests.
    private static final double MOST_WAKE_UPS_PER_SECOND = 60;

    @Test
    void sleepsWhenIdle() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        AgentProcess server = testbed.deployment().server();
        client.host().run("ping -q -c 20 -i 0.1 " + Testbed.INTERNET);
        settle(client);

        double clientBefore = client.agent().cpuSeconds();
        double serverBefore = server.cpuSeconds();
        long wakeUpsBefore = client.agent().wakeUps();
        long startNs = System.nanoTime();
        settle(client);
        settle(client);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        double clientShare = (client.agent().cpuSeconds() - clientBefore) / seconds;
        double wakeUps = (client.agent().wakeUps() - wakeUpsBefore) / seconds;
        double serverShare = (server.cpuSeconds() - serverBefore) / seconds;

        Measured.print("idle for %.0f s: client %.1f wake-ups a second, %.2f %% of a core, %.0f MiB resident"
                .formatted(seconds, wakeUps, clientShare * 100, client.agent().residentMebibytes()));
        Measured.print("idle: server %.2f %% of a core, %.0f MiB resident"
                .formatted(serverShare * 100, server.residentMebibytes()));
        assertThat(wakeUps).isLessThan(MOST_WAKE_UPS_PER_SECOND);
    }

    /// Ten pings a second apart on the loopback of the client pass ten seconds without touching the agent.
    private static void settle(DeployedClient client) {
        client.host().run("ping -q -c 11 -i 1 127.0.0.1");
        assertThat(client.agent().isRunning()).isTrue();
    }
}
