package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `start`, `stop`, `restart` and `status` where systemd is in charge: two machines that booted it, with what `install`
/// makes of an unpacked tarball. Its removal comes last.
@Tag("system")
@Tag("alone")
@Tag("machines")
@TestMethodOrder(OrderAnnotation.class)
class ServiceSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OK = 0;
    private static final int NOT_RUNNING = 3;
    private static final int PERMISSION = 77;
    private static final int CONFIGURATION = 78;

    @RegisterExtension
    static final ServiceHosts HOSTS = ServiceHosts.unpacked();

    private final SystemdHost client = HOSTS.client();
    private final SystemdHost server = HOSTS.server();

    @AfterEach
    void stopsBoth() {
        client.run("onebox-client stop; systemctl reset-failed onebox-client 2>&1 || true");
        server.run("onebox-server stop");
    }

    private void startsBoth() {
        assertThat(exit(server, "onebox-server start")).isEqualTo(OK);
        assertThat(exit(client, "onebox-client start")).isEqualTo(OK);
    }

    @Test
    void startReturnsWhenTheAgentIsUpAndStopWhenItsTracesAreGone() {
        String clientBefore = HostState.of(client.network());
        String serverBefore = HostState.of(server.network());
        assertThat(exit(client, "onebox-client status")).isEqualTo(NOT_RUNNING);

        startsBoth();

        assertThat(client.run("onebox-client status")).startsWith("onebox-client is up");
        assertThat(client.run("systemctl is-active onebox-client").strip()).isEqualTo("active");
        HOSTS.awaitTraffic();
        assertThat(client.run("onebox-client status")).contains("2 of 2 links usable");
        assertThat(exit(client, "onebox-client status --check bonded")).isEqualTo(OK);
        assertThat(exit(client, "onebox-client start")).as("started twice").isEqualTo(OK);
        assertThat(server.run("onebox-server status")).contains("1 of 1 clients connected");
        assertThat(HostState.of(client.network())).isNotEqualTo(clientBefore);

        assertThat(exit(client, "onebox-client stop")).isEqualTo(OK);
        assertThat(exit(server, "onebox-server stop")).isEqualTo(OK);
        assertThat(HostState.of(client.network())).isEqualTo(clientBefore);
        assertThat(HostState.of(server.network())).isEqualTo(serverBefore);
        assertThat(exit(client, "onebox-client status")).isEqualTo(NOT_RUNNING);
        assertThat(exit(client, "onebox-client stop")).as("stopped twice").isEqualTo(OK);
    }

    @Test
    void restartBringsTheTunnelBackEnabledOrNot() {
        startsBoth();
        for (String enabling : List.of("enable", "disable")) {
            client.run("systemctl " + enabling + " onebox-client");
            server.run("systemctl " + enabling + " onebox-server");
            assertThat(exit(server, "onebox-server restart")).isEqualTo(OK);
            assertThat(exit(client, "onebox-client restart")).isEqualTo(OK);
            HOSTS.awaitTraffic();
        }
    }

    @Test
    void theUnitsLeaveLittleOpenToABug() {
        for (SystemdHost host : List.of(client, server)) {
            String unit = host == client ? "onebox-client" : "onebox-server";
            String report = host.run("systemd-analyze security --no-pager --threshold=25 " + unit);
            Measured.print(report.lines().reduce("", (_, last) -> last));
        }
    }

    @Test
    void theControllerIsAServiceToo() throws IOException {
        assertThat(server.run("cat /etc/sysusers.d/onebox-controller.conf /etc/tmpfiles.d/onebox-controller.conf"))
                .as("what the controller's Debian package has")
                .isEqualTo(packaged("sysusers.conf") + packaged("tmpfiles.conf"));
        server.write("/etc/onebox/controller.toml", """
                [http]
                public-urls = ["https://%s:8443"]
                """.formatted(Testbed.SERVER));
        server.run("onebox-controller init");
        assertThat(server.run("stat -c '%U %a' /var/lib/onebox-controller /var/lib/onebox-controller/master.key"))
                .isEqualTo("onebox-controller 700\nonebox-controller 600\n");

        server.run("systemctl start onebox-controller");

        assertThat(server.network().run("curl -sfk https://127.0.0.1:8443/health/ready"))
                .isEqualTo("ready\n");
        server.run("systemd-analyze security --no-pager --threshold=15 onebox-controller");
        server.run("systemctl stop onebox-controller");
    }

    private static String packaged(String file) throws IOException {
        return Files.readString(Checkout.root().resolve("packaging/controller").resolve(file));
    }

    @Test
    void manualsAndCompletionsAreWhereTheyAreLookedFor() {
        for (String program : List.of("onebox-client", "onebox-server", "onebox-controller")) {
            Map.of(
                            "man/man1/%s.1", "manual",
                            "bash-completion/completions/%s", "completion bash",
                            "zsh/site-functions/_%s", "completion zsh",
                            "fish/vendor_completions.d/%s.fish", "completion fish")
                    .forEach((file, command) -> client.run(
                            "%s %s | cmp - /usr/local/share/%s".formatted(program, command, file.formatted(program))));
        }
    }

    @Test
    void reloadKeepsTheProcessAndTheSession() {
        startsBoth();
        HOSTS.awaitTraffic();
        String before = client.run("systemctl show --property=MainPID onebox-client");

        client.run("systemctl reload onebox-client");

        client.run("ping -c 3 -i 0.2 -W 1 10.77.0.1");
        assertThat(client.run("systemctl show --property=MainPID onebox-client"))
                .isEqualTo(before);
        assertThat(client.run("journalctl --no-pager -u onebox-client")).contains("configuration reloaded");
    }

    @Test
    void theMachineAsksTheNameServersOfTheTunnelThoughTheServiceIsNotRoot() {
        startsBoth();
        client.run("cp /etc/onebox/client.toml /root/ && echo 'dns = [\"10.77.0.1\"]' >> /etc/onebox/client.toml");

        client.run("systemctl reload onebox-client");

        HOSTS.awaitTraffic();
        eventually(
                PATIENCE,
                () -> assertThat(client.run("resolvectl dns onebox0; resolvectl domain onebox0"))
                        .contains("10.77.0.1", "~."));
        assertThat(client.run("onebox-client status --json")).doesNotContain("dns.unset");
        client.run("mv /root/client.toml /etc/onebox/ && systemctl reload onebox-client");
        eventually(
                PATIENCE, () -> assertThat(client.run("resolvectl dns onebox0")).doesNotContain("10.77.0.1"));
    }

    @Test
    void aHungDataPlaneIsKilledAndTheTunnelComesBack() {
        client.run("mkdir -p /run/systemd/system/onebox-client.service.d");
        client.write("/run/systemd/system/onebox-client.service.d/impatient.conf", "[Service]\nWatchdogSec=4s\n");
        client.run("systemctl daemon-reload");
        startsBoth();
        HOSTS.awaitTraffic();

        FrozenThread.freeze(busiestEventLoop(client.mainProcess("onebox-client")));
        client.run("rm -r /run/systemd/system/onebox-client.service.d; systemctl daemon-reload");

        eventually(
                PATIENCE,
                () -> assertThat(client.run("journalctl --no-pager --boot -u onebox-client"))
                        .contains("Watchdog timeout (limit 4s)!"));
        HOSTS.awaitTraffic();
        assertThat(client.run("systemctl show --value --property=NRestarts onebox-client")
                        .strip())
                .isEqualTo("1");
    }

    /// The thread of the data plane: the event loop that packets keep busy.
    private long busiestEventLoop(ProcessHandle agent) {
        Map<Long, Long> before = eventLoops(agent);
        client.run("ping -f -c 100 -W 1 10.77.0.1");
        Map<Long, Long> after = eventLoops(agent);
        return after.keySet().stream()
                .max(Comparator.comparingLong(thread -> after.get(thread) - before.getOrDefault(thread, 0L)))
                .orElseThrow();
    }

    /// Nanoseconds each event loop has run so far.
    private static Map<Long, Long> eventLoops(ProcessHandle agent) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(agent.pid()), "task"))) {
            return threads.filter(thread -> read(thread.resolve("comm")).startsWith("vert.x-eventloo"))
                    .collect(Collectors.toMap(
                            thread -> Long.parseLong(thread.getFileName().toString()),
                            thread -> Long.parseLong(
                                    read(thread.resolve("schedstat")).split(" ", 2)[0])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void startSaysWhyNotAndEndsAsTheAgentDid() {
        client.run("cp /etc/onebox/client.toml /root/ && echo 'nonsense = 1' >> /etc/onebox/client.toml");
        Shell.Result wrong = client.attempt("onebox-client start");
        client.run("rm /etc/onebox/client.toml");
        Shell.Result missing = client.attempt("onebox-client start");
        client.run("mv /root/client.toml /etc/onebox/");
        Shell.Result forbidden =
                client.attempt("setpriv --reuid=65534 --regid=65534 --clear-groups onebox-client start");

        assertThat(wrong.exitCode()).isEqualTo(CONFIGURATION);
        assertThat(wrong.output() + wrong.errors()).contains("client.toml:8: tunnel.nonsense: unknown key");
        assertThat(missing.exitCode()).isEqualTo(CONFIGURATION);
        assertThat(missing.errors())
                .contains("/etc/onebox/client.toml does not exist, and this client has not enrolled");
        assertThat(forbidden.exitCode()).isEqualTo(PERMISSION);
        assertThat(forbidden.errors()).contains("run it as root");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aRemovalLeavesTheKeysAndNothingElse() {
        String before = HostState.of(client.network());
        client.run("systemctl enable onebox-client");
        startsBoth();
        HOSTS.awaitTraffic();

        Shell.Result removal = client.attempt("/usr/lib/onebox/install --remove");

        assertThat(removal.exitCode()).isZero();
        assertThat(removal.errors()).contains("/etc/onebox still has keys").doesNotContain("onebox-controller still");
        assertThat(client.attempt("pgrep -u onebox").output()).isEmpty();
        assertThat(HostState.of(client.network())).isEqualTo(before);
        assertThat(client.run("find / /run -xdev -iname '*onebox*' -not -path '/usr/lib/onebox*'"
                        + " -not -path '/packages*' -not -path '/var/log/*' -not -path '/root/*' | sort"))
                .isEqualTo("/etc/onebox\n");
        assertThat(client.run("ls /etc/onebox")).isEqualTo("client.key\nclient.toml\n");
    }

    private static int exit(SystemdHost host, String command) {
        return host.attempt(command).exitCode();
    }
}
