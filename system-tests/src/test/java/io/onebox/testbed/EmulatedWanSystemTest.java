package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The testbed itself: what the links are set to is what the kernel's own tools measure on them.
@Tag("system")
@Tag("alone")
class EmulatedWanSystemTest {

    /// Headers of IPv4 and TCP with timestamps: 1448 of 1500 bytes are payload.
    private static final double TCP_SHARE = 0.965;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @RegisterExtension
    final TestbedExtension testbed = new TestbedExtension();

    @Test
    void carriesWhatItsRateAllows() {
        TestbedClient client = testbed.client(List.of(
                UplinkSpec.of("up1", "rate 20mbit/100mbit", "queue 50ms", "delay 5ms"),
                UplinkSpec.of("up2", "rate 500mbit/500mbit", "queue 20ms", "delay 1ms")));
        String slow = "-c %s -B %s".formatted(Testbed.SERVER, client.link("up1").address());
        String fast = "-c %s -B %s".formatted(Testbed.SERVER, client.link("up2").address());

        assertThat(Measured.tcp("bare 20 Mbit/s", client.host(), slow + " -t 2 -O 1"))
                .isCloseTo(20 * TCP_SHARE, within(20 * 0.02));
        assertThat(Measured.tcp("bare 100 Mbit/s", client.host(), slow + " -t 2 -O 1 -R"))
                .isCloseTo(100 * TCP_SHARE, within(100 * 0.02));
        assertThat(Measured.tcp("bare 500 Mbit/s", client.host(), fast + " -t 2 -O 1 -C cubic"))
                .isCloseTo(500 * TCP_SHARE, within(500 * 0.03));
    }

    @Test
    void delaysAndLosesAsTold() {
        TestbedClient client = testbed.client(List.of(UplinkSpec.of("up1", "delay 20ms/10ms")));
        TestbedLink link = client.link("up1");
        eventually(PATIENCE, () -> client.host().run("ping -c 1 -W 1 " + Testbed.SERVER));
        PingReport clean = Measured.ping("bare 30 ms", client.host(), PingReport.command(40, 10, Testbed.SERVER));
        link.shape("loss 20%/0%");
        PingReport lossy = Measured.ping("bare 20 % loss", client.host(), PingReport.command(400, 5, Testbed.SERVER));

        assertThat(clean.lost()).isZero();
        assertThat(clean.meanMs()).isBetween(30.0, 31.0);
        assertThat(lossy.lost() / 400.0).isBetween(0.13, 0.27);
    }

    @Test
    void losesALinkInFourWaysAndGetsItBack() {
        TestbedClient client = testbed.client(UplinkSpec.threeUnequal());
        TestbedLink link = client.link("up2");

        loses(client, link, link::pullCable);
        assertThat(client.host().run("true; ip link show up2")).contains("LOWER_UP");
        loses(client, link, link::blackHole);
        loses(client, link, link::removeAddress);
        loses(client, link, link::removeInterface);
    }

    private static void loses(TestbedClient client, TestbedLink link, Runnable way) {
        List<String> addresses = List.of(Testbed.SERVER, Testbed.SERVER6);
        eventually(
                PATIENCE,
                () -> addresses.forEach(
                        address -> client.host().run("ping -c 1 -W 1 -I %s %s".formatted(link.name(), address))));

        way.run();

        for (String address : addresses) {
            assertThatThrownBy(() -> client.host().run("ping -c 1 -W 1 -I %s %s".formatted(link.name(), address)))
                    .isInstanceOf(Shell.CommandFailed.class);
        }
        link.restore();
    }

    @Test
    void hidesTheInternetHostFromUplinksAndRebindsItsNat() {
        TestbedClient client = testbed.client(UplinkSpec.threeUnequal());
        TestbedLink link = client.link("up1");
        eventually(PATIENCE, () -> client.host().run("ping -c 1 -W 1 " + Testbed.SERVER));

        assertThat(client.host().attempt("ping -c 1 -W 1 " + Testbed.INTERNET).exitCode())
                .isNotZero();
        assertThat(client.host().attempt("ping -c 1 -W 1 " + Testbed.INTERNET6).exitCode())
                .isNotZero();
        assertThat(testbed.server()
                        .run("curl -sS -m 5 http://%s/ | sha256sum; sha256sum < %s"
                                .formatted(Testbed.INTERNET, testbed.get().page()))
                        .lines()
                        .distinct())
                .hasSize(1);
        link.rebindNat();
        client.host().run("ping -c 1 -W 1 " + Testbed.SERVER);
        assertThat(testbed.get().core().run("conntrack -L -p icmp 2>/dev/null")).contains("dst=198.51.100.129");
    }
}
