package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The client captures everything: nothing leaves an uplink but datagrams to the server, sealed.
@Tag("system")
class CaptureSystemTest {

    /// All but the tunnel itself, the server's host saying that nobody listens, and what keeps neighbours known.
    private static final String IN_THE_CLEAR =
            ("not (udp and host %1$s and port %2$d) and not (icmp and src host %1$s) and not arp"
                            + " and not (icmp6 and (ip6[40] >= 130 and ip6[40] <= 143))")
                    .formatted(Testbed.SERVER, Deployment.PORT);

    private static final String MARKER = "6f6e65626f78206d61726b6572206f6e";

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    @Test
    void letsNothingLeaveAnUplinkInTheClear() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        TestbedHost core = testbed.testbed().core();
        List<Capture> clear = client.uplinks().links().stream()
                .map(link -> Capture.ofReceived(testbed.testbed(), core, link.farName(), IN_THE_CLEAR))
                .toList();
        Capture all = new Capture(
                testbed.testbed(), core, client.uplinks().link("up1").farName(), "udp");

        client.host().run("ping -q -c 20 -i 0.02 -s 200 -p %s %s".formatted(MARKER, Testbed.INTERNET));
        client.host().run("ping -q -c 20 -i 0.02 -s 200 -p %s %s".formatted(MARKER, Testbed.INTERNET6));
        client.host().run("curl -sS -m 20 -o /dev/null http://%s/".formatted(Testbed.INTERNET));
        Measured.tcp("captured", client.host(), "-t 1 -c " + Testbed.INTERNET6);

        clear.forEach(capture -> assertThat(capture.stop()).isEmpty());
        assertThat(all.stop()).isNotEmpty();
        assertThat(contains(all.file(), "onebox marker")).isFalse();
    }

    /// The tunnel is the only way out also while the server is away.
    @Test
    void letsNothingLeaveWhileTheServerIsAway() {
        DeployedClient client = testbed.start(UplinkSpec.threeUnequal());
        List<Capture> clear = client.uplinks().links().stream()
                .map(link ->
                        Capture.ofReceived(testbed.testbed(), testbed.testbed().core(), link.farName(), IN_THE_CLEAR))
                .toList();

        testbed.deployment().server().kill();
        client.host().attempt("ping -q -c 10 -i 0.1 -W 1 " + Testbed.INTERNET);
        client.host().attempt("ping -q -c 10 -i 0.1 -W 1 " + Testbed.INTERNET6);

        clear.forEach(capture -> assertThat(capture.stop()).isEmpty());
    }

    private static boolean contains(Path file, String text) {
        return Shell.attempt("", List.of("grep", "-aq", text, file.toString())).exitCode() == 0;
    }
}
