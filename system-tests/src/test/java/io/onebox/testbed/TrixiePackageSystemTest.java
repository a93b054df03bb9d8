package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// The packages on Debian 13, from a bare machine to a tunnel that is there after a reboot: a controller and two agents
/// that enrol at it.
@Tag("system")
@Tag("alone")
@Tag("machines")
@TestMethodOrder(OrderAnnotation.class)
class TrixiePackageSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Path AGENT = Packages.pack("onebox-agent", "");
    private static final Path NEWER = Packages.pack("onebox-agent", "--version 9.0");
    private static final Path CONTROLLER = Packages.pack("onebox-controller", "");

    private static Testbed testbed;
    private static SystemdHost controller;
    private static SystemdHost server;
    private static SystemdHost client;

    @BeforeAll
    static void boot() {
        testbed = new Testbed(1);
        TestbedClient uplinks = testbed.client(List.of(
                UplinkSpec.of("up1", "rate 20mbit", "delay 10ms"), UplinkSpec.of("up2", "rate 10mbit", "delay 20ms")));
        controller = boot(testbed.controller());
        server = boot(testbed.server());
        client = boot(uplinks.host());
    }

    private static SystemdHost boot(TestbedHost host) {
        return new SystemdHost(
                host,
                DebianSuite.TRIXIE,
                testbed.directory().resolve(host.namespace()),
                List.of(AGENT.getParent() + ":/packages"));
    }

    @AfterAll
    static void switchOff() {
        List.of(client, server, controller).forEach(SystemdHost::close);
        testbed.close();
    }

    @Test
    @Order(1)
    void anEnrolledClientHasItsTunnelAfterAReboot() {
        controller.run(Packages.installing(CONTROLLER));
        controller.run("onebox-controller init --public-url https://%s:8443".formatted(Testbed.CONTROLLER));
        controller.run("systemctl start onebox-controller");
        enrol(server, "server", "frankfurt", "--endpoint " + Testbed.SERVER + ":51820");
        enrol(client, "client", "van", "");
        awaitTunnel();

        client.reboot();

        awaitTunnel();
        assertThat(client.run("onebox-client status")).startsWith("onebox-client is up");
    }

    @Test
    @Order(2)
    void theUnitsLeaveLittleOpenToABug() {
        client.run("systemd-analyze security --no-pager --threshold=25 onebox-client");
        controller.run("systemd-analyze security --no-pager --threshold=15 onebox-controller");
    }

    @Test
    @Order(3)
    void anUpgradeTakesOver() {
        String before = mainProcess();

        double gap = PingGap.ofUpgrades(
                client,
                Testbed.INTERNET,
                TrixiePackageSystemTest::awaitTunnel,
                () -> client.run("dpkg -i /packages/" + NEWER.getFileName()));

        Measured.print("upgrade on trixie: longest time without an answer to ping, client %.2f s".formatted(gap));
        assertThat(gap).isLessThan(PingGap.OF_AN_UPGRADE);
        assertThat(client.run("dpkg-query -W -f '${Version}' onebox-agent")).isEqualTo("9.0");
        assertThat(mainProcess()).as("of the old program").isNotEqualTo(before);
        awaitTunnel();
    }

    private static String mainProcess() {
        return client.run("systemctl show --value --property=MainPID onebox-client");
    }

    @Test
    @Order(4)
    void aPurgeLeavesTheKeysAndNothingElse() {
        Shell.Result purge = client.attempt("dpkg --purge onebox-agent");

        assertThat(purge.exitCode()).isZero();
        assertThat(purge.errors()).contains("/var/lib/onebox");
        assertThat(client.run("find / -xdev -iname '*onebox*' -not -path '/packages*' -not -path '/var/log/*'"
                        + " -not -path '/proc/*' -not -path '/root/*' | sort"))
                .isEqualTo("/var/lib/onebox\n");
        assertThat(client.run("systemctl list-units --all --no-legend 'onebox*'"))
                .isBlank();
        assertThat(HostState.of(client.network())).doesNotContain("onebox").doesNotContain("fwmark");
    }

    private static void enrol(SystemdHost host, String role, String name, String options) {
        String token = controller
                .run("onebox-controller enrol-token add --role " + role + " " + options)
                .strip();
        host.run(Packages.installing(AGENT));
        host.run("echo '%s' | onebox-%s enrol --token-file - --name %s".formatted(token, role, name));
        host.run("onebox-%s start".formatted(role));
    }

    private static void awaitTunnel() {
        eventually(PATIENCE, () -> client.run("ping -c 1 -W 1 " + Testbed.INTERNET));
    }
}
