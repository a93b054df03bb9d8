package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The life of the controller's Debian package on a booted machine of each suite, in order: installed, set up,
/// rebooted,
/// hung, upgraded, purged.
@Tag("system")
@Tag("alone")
@Tag("machines")
@TestMethodOrder(OrderAnnotation.class)
@ParameterizedClass
@EnumSource(DebianSuite.class)
class ControllerPackageSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HEALTH = "curl -sfk https://127.0.0.1:8443/health/ready";

    private static final Path DEB = Packages.pack("onebox-controller", "");
    private static final Path NEWER = Packages.pack("onebox-controller", "--version 9.0");

    private static Testbed testbed;
    private static SystemdHost host;

    private final DebianSuite suite;

    ControllerPackageSystemTest(DebianSuite suite) {
        this.suite = suite;
    }

    @BeforeParameterizedClassInvocation
    static void boots(DebianSuite suite) {
        testbed = new Testbed(1);
        host = new SystemdHost(
                testbed.controller(),
                suite,
                testbed.directory().resolve("controller"),
                List.of(DEB.getParent() + ":/packages"));
    }

    @AfterParameterizedClassInvocation
    static void switchesOff() {
        host.close();
        testbed.close();
    }

    @Test
    @Order(1)
    void lintianHasNothingToSay() {
        Packages.lint(DEB);
    }

    @Test
    @Order(2)
    void anInstalledControllerIsUpAfterAReboot() {
        host.run(Packages.installing(DEB));
        assertThat(host.run("systemctl is-enabled onebox-controller")).isEqualTo("enabled\n");
        assertThat(host.attempt("systemctl is-active onebox-controller").output())
                .as("not configured yet")
                .isEqualTo("inactive\n");
        host.run("onebox-controller init --public-url https://%s:8443".formatted(Testbed.CONTROLLER));
        host.run("echo '%s' | onebox-controller user add alice --role owner --password-file -"
                .formatted(ControllerProcess.PASSWORD));
        assertThat(host.run("find /var/lib/onebox-controller ! -user onebox-controller -o -type f ! -perm 600"))
                .as("files that are not the service's alone")
                .isEmpty();

        host.reboot();

        eventually(PATIENCE, () -> assertThat(onTheNetwork(HEALTH)).isEqualTo("ready\n"));
        assertThat(host.run("systemctl is-active onebox-controller")).isEqualTo("active\n");
        login();
    }

    @Test
    @Order(3)
    void theManualAndCompletionsAreInTheirPlaces() {
        Packages.assertManualAndCompletions(host, "onebox-controller");
    }

    @Test
    @Order(4)
    void theUnitLeavesLittleOpenToABug() {
        String report = host.run("systemd-analyze security --no-pager --threshold=15 onebox-controller");
        Measured.print(suite + ": " + report.lines().reduce("", (_, last) -> last));
    }

    @Test
    @Order(5)
    void aHungControllerIsKilledAndComesBack() {
        host.run("mkdir -p /run/systemd/system/onebox-controller.service.d");
        host.write("/run/systemd/system/onebox-controller.service.d/impatient.conf", "[Service]\nWatchdogSec=3s\n");
        host.run("systemctl daemon-reload && systemctl restart onebox-controller");

        host.run("kill -STOP $(systemctl show --value --property=MainPID onebox-controller)");

        eventually(
                PATIENCE,
                () -> assertThat(host.run("journalctl --no-pager --boot -u onebox-controller"))
                        .contains("Watchdog timeout (limit 3s)!"));
        host.run("rm -r /run/systemd/system/onebox-controller.service.d; systemctl daemon-reload");
        eventually(PATIENCE, () -> assertThat(onTheNetwork(HEALTH)).isEqualTo("ready\n"));
        assertThat(host.run("systemctl show --value --property=NRestarts onebox-controller"))
                .as("fed while it did not hang")
                .isEqualTo("1\n");
    }

    @Test
    @Order(6)
    void anUpgradeTakesOverWithItsDataUnlessItDoesNotTakeTheConfiguration() {
        String before = mainProcess();
        host.run("cp -a /etc/onebox/controller.toml /root/ && echo 'nonsense = 1' >> /etc/onebox/controller.toml");
        Shell.Result refused = host.attempt("dpkg -i /packages/" + NEWER.getFileName());
        host.run("mv /root/controller.toml /etc/onebox/");
        assertThat(refused.exitCode()).isZero();
        assertThat(refused.errors()).contains("state.nonsense: unknown key", "the old version still runs");
        assertThat(mainProcess()).isEqualTo(before);

        host.run("dpkg -i /packages/" + NEWER.getFileName());

        assertThat(mainProcess()).isNotEqualTo(before);
        assertThat(host.run("systemctl is-active onebox-controller")).isEqualTo("active\n");
        login();
    }

    @Test
    @Order(7)
    void aPurgeLeavesTheFleetAndNothingElse() {
        Shell.Result purge = host.attempt("dpkg --purge onebox-controller");

        assertThat(purge.exitCode()).isZero();
        assertThat(purge.errors()).contains("/var/lib/onebox-controller is left");
        assertThat(host.run("find / -xdev -iname '*onebox*' -not -path '/packages*' -not -path '/var/log/*'"
                        + " -not -path '/proc/*' -not -path '/root/*' | sort"))
                .isEqualTo("/etc/onebox\n/var/lib/onebox-controller\n/var/lib/onebox-controller/onebox.db\n");
    }

    private static String mainProcess() {
        return host.run("systemctl show --value --property=MainPID onebox-controller");
    }

    private static void login() {
        String body = "{\"login\":\"alice\",\"password\":\"%s\"}".formatted(ControllerProcess.PASSWORD);
        onTheNetwork("curl -sfk -X POST -H 'content-type: application/json' -d '%s' %s/session"
                .formatted(body, ControllerProcess.api()));
    }

    /// The machine has no curl.
    private static String onTheNetwork(String command) {
        return host.network().run(command);
    }
}
