package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The life of the Debian package on two booted machines, in order: installed, configured, rebooted, upgraded, purged.
@Tag("system")
@Tag("alone")
@Tag("machines")
@TestMethodOrder(OrderAnnotation.class)
class PackageSystemTest {

    private static final Path DEB = Packages.pack("onebox-agent", "");
    private static final Path NEWER = Packages.pack("onebox-agent", "--version 9.0");

    @RegisterExtension
    static final ServiceHosts HOSTS = ServiceHosts.packaged(DebianSuite.BOOKWORM, DEB);

    private final SystemdHost client = HOSTS.client();
    private final SystemdHost server = HOSTS.server();

    @Test
    @Order(1)
    void lintianHasNothingToSay() {
        Packages.lint(DEB);
    }

    @Test
    @Order(2)
    void installedServicesAreEnabledAndTheTunnelIsUpAfterAReboot() {
        assertThat(client.run("systemctl is-enabled onebox-client onebox-server"))
                .isEqualTo("enabled\nenabled\n");
        assertThat(client.attempt("systemctl is-active onebox-client onebox-server")
                        .output())
                .as("started by the installation, without a configuration")
                .isEqualTo("inactive\ninactive\n");
        assertThat(client.run("stat -c '%U %a' /etc/onebox/client.key")).isEqualTo("onebox 600\n");
        server.run("onebox-server start");

        client.reboot();

        HOSTS.awaitTraffic();
        assertThat(client.run("onebox-client status")).startsWith("onebox-client is up");
        assertThat(client.attempt("systemctl is-active onebox-server").output()).isEqualTo("inactive\n");
    }

    @Test
    @Order(3)
    void manualsAndCompletionsAreInTheirPlaces() {
        Packages.assertManualAndCompletions(client, "onebox-client");
        Packages.assertManualAndCompletions(client, "onebox-server");
    }

    @Test
    @Order(4)
    void anUpgradeTakesTheTunnelAwayForAMomentOnly() {
        client.run("echo 'ONEBOX_JAVA_OPTS=-Xmx80m' >> /etc/default/onebox");

        double clientGap = gapOfUpgrades(client);
        double serverGap = gapOfUpgrades(server);

        Measured.print("upgrade: longest time without an answer to ping, client %.2f s, server %.2f s"
                .formatted(clientGap, serverGap));
        assertThat(clientGap).isLessThan(PingGap.OF_AN_UPGRADE);
        assertThat(serverGap).isLessThan(PingGap.OF_AN_UPGRADE);
        assertThat(client.run("dpkg-query -W -f '${Version}' onebox-agent")).isEqualTo("9.0");
        assertThat(client.run(
                        "tr '\\0' ' ' < /proc/$(systemctl show --value --property=MainPID onebox-client)/cmdline"))
                .as("what the operator wrote into a conffile is kept")
                .contains("-Xmx80m");
    }

    @Test
    @Order(5)
    void anUpgradeThatDoesNotTakeTheConfigurationLeavesTheOldProgramRunning() {
        String before = client.run("systemctl show --property=MainPID onebox-client");
        client.run("cp -a /etc/onebox/client.toml /root/ && echo 'nonsense = 1' >> /etc/onebox/client.toml");

        Shell.Result upgrade = client.attempt("dpkg -i /packages/" + NEWER.getFileName());
        client.run("mv /root/client.toml /etc/onebox/");

        assertThat(upgrade.exitCode()).isZero();
        assertThat(upgrade.errors())
                .contains("tunnel.nonsense: unknown key", "onebox-client still runs in its old version");
        assertThat(client.run("systemctl show --property=MainPID onebox-client"))
                .isEqualTo(before);
        HOSTS.awaitTraffic();
    }

    @Test
    @Order(6)
    void aPurgeLeavesTheKeysAndNothingElse() {
        client.run("dpkg --remove onebox-agent");
        assertThat(HostState.of(client.network())).doesNotContain("onebox").doesNotContain("fwmark");
        assertThat(client.run("ls /etc/default/onebox /etc/onebox/client.toml")).hasLineCount(2);

        Shell.Result purge = client.attempt("dpkg --purge onebox-agent");

        assertThat(purge.exitCode()).isZero();
        assertThat(purge.errors()).contains("/etc/onebox still has keys or configuration");
        assertThat(client.run("find / -xdev -iname '*onebox*' -not -path '/packages*' -not -path '/var/log/*'"
                        + " -not -path '/proc/*' -not -path '/root/*'"))
                .isEqualTo("/etc/onebox\n");
        assertThat(client.run("ls /etc/onebox")).isEqualTo("client.key\nclient.toml\n");
    }

    private double gapOfUpgrades(SystemdHost host) {
        return PingGap.ofUpgrades(
                client, "10.77.0.1", HOSTS::awaitTraffic, () -> host.run("dpkg -i /packages/" + NEWER.getFileName()));
    }
}
