package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A client that is the router of a LAN: `nat = true`.
@Tag("system")
class LanSystemTest {

    private static final String SYN_OR_ANSWER = "tcp port 80 and (tcp[13] & 2 != 0)";

    /// Ethernet's less IPv4, UDP, WireGuard and DATA.
    private static final int MTU = 1_500 - 68;

    private static final int TCP_AND_IPV4_HEADERS = 40;

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private TestbedHost lan(String toml) {
        TestbedClient box = testbed.testbed().client(UplinkSpec.threeUnequal());
        TestbedHost lan = testbed.testbed().lan(box);
        testbed.deployment().add(box, toml);
        testbed.deployment().start();
        return lan;
    }

    /// The server knows the client by one address for each family, and drops whatever comes from another.
    @Test
    void carriesTheTrafficOfItsLan() {
        TestbedHost lan = lan("nat = true");

        assertThat(Measured.ping("from the LAN", lan, PingReport.command(20, 50, Testbed.INTERNET))
                        .lost())
                .isZero();
        assertThat(Measured.ping("from the LAN, IPv6", lan, PingReport.command(20, 50, Testbed.INTERNET6))
                        .lost())
                .isZero();
        assertThat(lan.run("curl -sS -m 20 http://%s/ | sha256sum".formatted(Testbed.INTERNET)))
                .isEqualTo(Shell.script("sha256sum < " + testbed.testbed().page()));
    }

    @Test
    @Tag("alone")
    void isAsFastForItsLan() {
        TestbedHost lan = lan("nat = true");

        TestbedHost box = testbed.deployment().clients().getFirst().host();
        String download = "-t 5 -O 2 -R -c " + Testbed.INTERNET6;

        double boxAlone = Measured.tcp("from the box itself, down", box, download);
        assertThat(Measured.tcp("from the LAN, down", lan, download)).isGreaterThan(0.8 * boxAlone);
    }

    /// Both ends of a connection are told what fits the tunnel, so that nothing has to be fragmented or answered.
    @Test
    void clampsTheSegmentsOfItsLanToTheTunnel() {
        TestbedHost lan = lan("nat = true");
        TestbedHost box = testbed.deployment().clients().getFirst().host();
        eventually(Duration.ofSeconds(5), () -> assertThat(box.tunnelMtu()).isEqualTo(MTU));

        Capture here = new Capture(testbed.testbed(), lan, "eth0", SYN_OR_ANSWER);
        Capture there = new Capture(testbed.testbed(), testbed.testbed().internet(), "eth0", SYN_OR_ANSWER);
        lan.run("curl -sS -m 20 -o /dev/null http://%s/".formatted(Testbed.INTERNET));

        String fits = "mss " + (MTU - TCP_AND_IPV4_HEADERS) + ",";
        assertThat(List.of(here.stop().split("\n")))
                .hasSize(2)
                .last()
                .asString()
                .contains(fits);
        assertThat(List.of(there.stop().split("\n")))
                .hasSize(2)
                .first()
                .asString()
                .contains(fits);
    }

    @Test
    void isNoRouterUnlessToldSo() {
        TestbedHost lan = lan("");

        assertThat(lan.attempt("ping -q -c 3 -i 0.1 -W 1 " + Testbed.INTERNET).exitCode())
                .isNotZero();
    }
}
