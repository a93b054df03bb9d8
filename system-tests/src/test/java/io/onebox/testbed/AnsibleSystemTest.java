package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `ansible/site.yml` over SSH against three machines that have nothing of ours: a controller, a server, and a client
/// with two uplinks. In order; the playbook runs where the controller is.
@Tag("system")
@Tag("alone")
@Tag("machines")
@TestMethodOrder(OrderAnnotation.class)
class AnsibleSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// For the whole product, from three fresh machines on.
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final String PASSWORD = ControllerProcess.PASSWORD;

    private static Testbed testbed;
    private static Map<String, SystemdHost> machines;
    private static Path directory;

    @BeforeAll
    static void boots() throws IOException {
        testbed = new Testbed(1);
        directory = Files.createDirectories(testbed.directory().resolve("ansible"));
        offer("");
        TestbedClient uplinks = testbed.client(List.of(
                UplinkSpec.of("up1", "rate 20mbit", "delay 10ms"), UplinkSpec.of("up2", "rate 10mbit", "delay 20ms")));
        machines = Map.of(
                "hub", machine(testbed.controller()),
                "frankfurt", machine(testbed.server()),
                "van", machine(uplinks.host()));
        Shell.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key()));
        String publicKey = Files.readString(Path.of(key() + ".pub"));
        for (SystemdHost machine : machines.values()) {
            machine.run("mkdir -p -m 0700 /root/.ssh");
            machine.write("/root/.ssh/authorized_keys", publicKey);
        }
        Files.writeString(directory.resolve("inventory.yml"), """
                all:
                  vars:
                    ansible_user: root
                    ansible_ssh_private_key_file: %s
                    onebox_owner_password: "{{ lookup('env', 'ONEBOX_PASSWORD') }}"
                    onebox_controller_url: https://%s:8443
                    onebox_packages: %s
                    onebox_update_cache: false
                    onebox_firewall: true
                  children:
                    controller: {hosts: {hub: {%s}}}
                    servers: {hosts: {frankfurt: {%s}}}
                    clients: {hosts: {van: {%s}}}
                """.formatted(
                        key(),
                        Testbed.CONTROLLER,
                        directory.resolve("packages"),
                        reached("hub"),
                        reached("frankfurt"),
                        reached("van")));
    }

    /// Packages of this version alone.
    private static void offer(String options) {
        Path agent = Packages.pack("onebox-agent", options);
        Shell.script("rm -rf PACKAGES; mkdir -p PACKAGES; ln -s MADE/onebox-*_VERSION_*.deb PACKAGES/"
                .replace("PACKAGES", directory.resolve("packages").toString())
                .replace("MADE", agent.getParent().toString())
                .replace("VERSION", agent.getFileName().toString().split("_", -1)[1]));
    }

    private static SystemdHost machine(TestbedHost host) {
        return new SystemdHost(host, DebianSuite.BOOKWORM, testbed.directory().resolve(host.namespace()), List.of());
    }

    private static String key() {
        return directory.resolve("key").toString();
    }

    /// SSH comes over the machine's own loopback interface, so that nothing of ours is on the way. Connections are
    /// shared
    /// by name, so nobody is called localhost.
    private static String reached(String name) {
        return ("ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
                        + " -o ProxyCommand=\"ip netns exec %s socat - TCP:127.0.0.1:22\"'")
                .formatted(machine(name).network().namespace());
    }

    @AfterAll
    static void switchesOff() {
        machines.values().forEach(SystemdHost::close);
        testbed.close();
    }

    @Test
    @Order(1)
    void aCheckOfFreshMachinesChangesNothing() {
        String said = play("--check", "--diff");

        assertThat(said).contains("failed=0");
        assertThat(machines.values())
                .allSatisfy(machine ->
                        assertThat(machine.run("ls /etc /usr/bin /var/lib")).doesNotContain("onebox"));
    }

    @Test
    @Order(2)
    void thePlaybookBuildsTheWholeProduct() {
        long beganNs = System.nanoTime();

        String said = play("-vvv");

        awaitTraffic();
        Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
        Measured.print("site.yml on three fresh machines: %d s".formatted(took.toSeconds()));
        assertThat(took).isLessThan(LONGEST);
        assertThat(machine("van").run("onebox-client status")).contains("controller connected");
        assertThat(said)
                .as("so verbose that results are in it")
                .contains("the output has been hidden due to the fact that 'no_log: true'")
                .doesNotContain("obe1_", PASSWORD);
        assertThat(Shell.script(secretsIn(directory.toString())))
                .as("files with the token or the password where the playbook runs")
                .isEmpty();
        assertThat(machines.values()).allSatisfy(machine -> {
            assertThat(machine.run(secretsIn("/etc /root /tmp /var")))
                    .as("files with the token or the password")
                    .isEmpty();
            assertThat(machine.run("nft list table inet onebox_firewall")).contains("policy drop");
        });
    }

    private static String secretsIn(String directories) {
        return "grep -rslE 'obe1_|%s' %s || true".formatted(PASSWORD, directories);
    }

    @Test
    @Order(3)
    void aSecondRunChangesNothingAndNeedsNoToken() {
        long beganNs = System.nanoTime();

        String said = play();

        Measured.print("site.yml again: %.0f s".formatted((System.nanoTime() - beganNs) / 1e9));
        assertThat(said.lines().filter(line -> line.contains("failed=")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("changed=0", "unreachable=0", "failed=0"));
        awaitTraffic();
    }

    @Test
    @Order(4)
    void anEnrolledClientIsUpAfterAReboot() {
        machine("van").reboot();
        long bootedNs = System.nanoTime();

        awaitTraffic();

        Measured.print("rebooted: both links carry after %.1f s".formatted((System.nanoTime() - bootedNs) / 1e9));
    }

    /// The first of two is a second name of the same machine, and asks for a version that is not there.
    @ParameterizedTest
    @CsvSource({"servers, frankfurt", "clients, van"})
    @Order(5)
    void aFirstThatFailsKeepsTheOthersAsTheyAre(String group, String other) throws IOException {
        offer("--version 9.0");
        Path first = Files.writeString(directory.resolve("first.yml"), """
                all: {children: {%s: {hosts: {first: {onebox_version: "0.0", %s}}}}}
                """.formatted(group, reached(other)));

        Shell.Result upgrade =
                attempt("-i", first.toString(), "--limit", group, "--extra-vars", "onebox_firewall=false");

        assertThat(upgrade.exitCode()).isNotZero();
        assertThat(upgrade.output())
                .contains("fatal: [first]", "has 0 packages onebox-agent 0.0")
                .doesNotContain("ok: [%s]".formatted(other), "changed: [%s]".formatted(other));
        assertThat(machine(other).run("dpkg-query -W -f '${Version}' onebox-agent"))
                .isNotEqualTo("9.0");
    }

    @Test
    @Order(6)
    void aNewVersionAndAnotherConfigurationAreRolledOut() {
        offer("--version 9.0");
        String configuration = "onebox_configuration=[tunnel]\nnat = true\n";

        String checked = play("--limit", "clients", "--check", "--diff", "--extra-vars", json(configuration));
        assertThat(checked).contains("+nat = true");
        play("--limit", "clients", "--extra-vars", json(configuration));

        assertThat(machine("van").run("dpkg-query -W -f '${Version}' onebox-agent"))
                .isEqualTo("9.0");
        assertThat(machine("van").run("onebox-client config show")).contains("nat = true");
        awaitTraffic();
    }

    private static SystemdHost machine(String name) {
        SystemdHost machine = machines.get(name);
        if (machine == null) {
            throw new IllegalArgumentException("no machine " + name);
        }
        return machine;
    }

    /// `key=value` as JSON, which keeps line ends.
    private static String json(String pair) {
        String[] parts = pair.split("=", 2);
        return "{\"%s\":\"%s\"}".formatted(parts[0], parts[1].replace("\n", "\\n"));
    }

    /// Runs the playbook to a good end and returns what it says.
    private static String play(String... options) {
        Shell.Result result = attempt(options);
        assertThat(result.exitCode()).as(result.output() + result.errors()).isZero();
        return result.output() + result.errors();
    }

    /// Runs the playbook where the controller is. An inventory among the options comes before ours.
    private static Shell.Result attempt(String... options) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "ANSIBLE_CONFIG=" + Checkout.root().resolve("ansible/ansible.cfg"),
                "ANSIBLE_HOME=" + directory,
                "ANSIBLE_LOCAL_TEMP=" + directory,
                "ONEBOX_PASSWORD=" + PASSWORD,
                "ansible-playbook"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-i",
                directory.resolve("inventory.yml").toString(),
                Checkout.root().resolve("ansible/site.yml").toString()));
        return Shell.attempt("", machine("hub").network().inside(command.toArray(String[]::new)));
    }

    private static void awaitTraffic() {
        eventually(PATIENCE, () -> {
            machine("van").run("ping -c 1 -W 1 " + Testbed.INTERNET);
            assertThat(machine("van").run("onebox-client status")).contains("2 of 2 links usable");
        });
    }
}
