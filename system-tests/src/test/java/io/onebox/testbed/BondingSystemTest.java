package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the tunnel carries, and how fast: real binaries, real traffic, from a client with several uplinks to a
/// host on the internet that only the server reaches.
@Tag("system")
@Tag("alone")
class BondingSystemTest {

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void carriesPingWebTcpAndUdpOverThreeUplinks() {
        TestbedHost client = testbed.start(UplinkSpec.threeUnequal()).host();

        assertThat(Measured.ping("tunnel v4", client, PingReport.command(20, 50, Testbed.INTERNET))
                        .lost())
                .isZero();
        assertThat(Measured.ping("tunnel v6", client, PingReport.command(20, 50, Testbed.INTERNET6))
                        .lost())
                .isZero();
        fetchesThePage(client, Testbed.INTERNET);
        fetchesThePage(client, "[" + Testbed.INTERNET6 + "]");
        double bestDown = 100;
        double bestUp = 20;
        for (String address : List.of(Testbed.INTERNET, Testbed.INTERNET6)) {
            assertThat(Measured.tcp("bond of 100+50+20 down " + address, client, "-t 4 -O 2 -R -c " + address))
                    .isGreaterThan(1.15 * bestDown);
            assertThat(Measured.tcp("bond of 20+10+5 up " + address, client, "-t 4 -O 2 -c " + address))
                    .isGreaterThan(1.15 * bestUp);
            IperfReport udp = Measured.udp("bond " + address, client, "-w 1M -l 1200 -b 25M -t 2 -c " + address);
            assertThat(udp.lostShare()).isLessThan(0.01);
        }
    }

    private void fetchesThePage(TestbedHost client, String host) {
        String fetched = client.run("curl -sS -m 20 http://%s/ | sha256sum".formatted(host));
        assertThat(fetched)
                .isEqualTo(Shell.script("sha256sum < " + testbed.testbed().page()));
    }

    /// Must show 4: one flow over two unequal links is faster than either, both ways.
    @Test
    void addsUpFiftyAndTwentyForOneFlow() {
        TestbedHost client = testbed.start(List.of(
                        UplinkSpec.of("up1", "rate 50mbit", "queue 100ms", "delay 10ms"),
                        UplinkSpec.of("up2", "rate 20mbit", "queue 100ms", "delay 40ms")))
                .host();

        assertThat(Measured.tcp("one flow, 50+20, down", client, "-t 6 -O 2 -R -c " + Testbed.INTERNET))
                .isGreaterThan(55);
        assertThat(Measured.tcp("one flow, 50+20, up", client, "-t 6 -O 2 -c " + Testbed.INTERNET))
                .isGreaterThan(55);
    }

    /// Must show 4: a cable that does not limit.
    @Test
    void isFastOverOnePlainCable() {
        TestbedHost client = testbed.start(List.of(UplinkSpec.plain("up1"))).host();

        assertThat(Measured.tcp("one plain cable, down", client, "-t 4 -O 1 -R -c " + Testbed.INTERNET))
                .isGreaterThan(300);
        assertThat(Measured.tcp("one plain cable, up", client, "-t 4 -O 1 -c " + Testbed.INTERNET))
                .isGreaterThan(300);
    }
}
