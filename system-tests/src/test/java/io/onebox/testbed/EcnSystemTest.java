package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A router on an uplink that marks instead of dropping is heard by the flow inside (RFC 6040).
@Tag("system")
class EcnSystemTest {

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void marksReachTheFlowInside() {
        DeployedClient client = testbed.start(List.of(UplinkSpec.of("up1", "rate 20mbit", "delay 10ms")));
        TestbedHost core = testbed.testbed().core();
        TestbedHost internet = testbed.testbed().internet();
        core.run("""
                nft 'table ip marks {
                  chain forward {
                    type filter hook forward priority mangle;
                    udp dport %d ip ecn ect0 counter ip ecn set ce
                  }
                }'
                """.formatted(Deployment.PORT));

        client.host().run("sysctl -q net.ipv4.tcp_ecn=0");
        upload(client);
        assertThat(marked(internet)).as("a flow that does not understand marks").isZero();
        assertThat(core.run("nft list table ip marks")).contains("ip ecn ect0 counter packets 0 ");

        client.host().run("sysctl -q net.ipv4.tcp_ecn=1");
        internet.run("sysctl -q net.ipv4.tcp_ecn=1");
        upload(client);
        long marks = marked(internet);
        Measured.print("marks of a router on the uplink that reached the flow inside: " + marks);
        assertThat(marks).isPositive();
    }

    private static void upload(DeployedClient client) {
        client.host().run("iperf3 -n 1M -c " + Testbed.INTERNET);
    }

    /// Packets that arrived with the mark of congestion.
    private static long marked(TestbedHost host) {
        return Long.parseLong(
                host.run("nstat -az IpExtInCEPkts | awk 'END { print $2 }'").strip());
    }
}
