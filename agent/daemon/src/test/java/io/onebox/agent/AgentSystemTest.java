package io.onebox.agent;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.cli.OneboxClient;
import io.onebox.agent.cli.OneboxServer;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agents as processes in a network namespace: what they say when something is wrong, and that they tidy up.
@Tag("system")
class AgentSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PEER = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    private final String namespace = "agent" + ProcessHandle.current().pid();
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeNamespace() throws IOException {
        run("ip", "netns", "add", namespace);
        inside("ip", "link", "set", "lo", "up");
        inside("ip", "link", "add", "up1", "type", "veth", "peer", "name", "far1");
        inside("ip", "addr", "add", "10.9.1.2/24", "dev", "up1");
        // Without link-local addresses nothing changes by itself.
        inside("ip", "link", "set", "up1", "addrgenmode", "none");
        inside("ip", "link", "set", "far1", "addrgenmode", "none");
        inside("ip", "link", "set", "up1", "up");
        inside("ip", "link", "set", "far1", "up");
        inside("ip", "route", "add", "default", "via", "10.9.1.1", "dev", "up1");
        // A carrier that comes takes the kernel a moment.
        eventually(
                PATIENCE,
                () -> assertThat(output("ip", "-n", namespace, "-br", "link")).doesNotContain("NO-CARRIER"));
        Path key = Files.writeString(directory.resolve("a.key"), KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void removeNamespace() throws IOException {
        processes.forEach(Process::destroyForcibly);
        run("ip", "netns", "del", namespace);
    }

    @Test
    void aBusyPortIsNamedWithItsRemedy() throws IOException {
        start(inNamespace(agent(OneboxServer.class, server("a", "tun-a"))));
        awaitUp("a");

        Ended second = end(inNamespace(agent(OneboxServer.class, server("b", "tun-b"))));

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.output()).contains("51820", "EADDRINUSE");
    }

    @Test
    void aTunnelNameInUseIsNamedWithItsRemedy() throws IOException {
        start(inNamespace(agent(OneboxServer.class, server("a", "tun-a"))));
        awaitUp("a");

        Ended second = end(inNamespace(agent(OneboxClient.class, client("b", "tun-a"))));

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.output()).contains("tun-a", "choose another");
    }

    @Test
    void aSocketInUseIsNamedBeforeAnythingIsTouched() throws IOException {
        Path config = server("a", "tun-a");
        start(inNamespace(agent(OneboxServer.class, config)));
        awaitUp("a");

        Ended second = end(inNamespace(agent(OneboxServer.class, config)));

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.output()).contains("another agent already answers on " + directory.resolve("a.sock"));
    }

    @Test
    void aRunWithoutPrivilegeSaysSoAndExitsWith77() throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        command.addAll(agent(OneboxServer.class, server("a", "tun-a")));

        Ended ended = end(inNamespace(command));

        assertThat(ended.exitCode()).isEqualTo(77);
        assertThat(ended.output()).contains("the agent needs CAP_NET_ADMIN");
    }

    @Test
    void aMissingTunDeviceIsNamedWithItsRemedy() throws IOException {
        List<String> command = new ArrayList<>(
                List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh"));
        command.addAll(agent(OneboxServer.class, server("a", "tun-a")));

        Ended ended = end(inNamespace(command));

        assertThat(ended.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(ended.output()).contains("/dev/net/tun is missing", "modprobe tun");
    }

    @Test
    void anUnreachableServerIsTriedOnAndToldInStatus() throws IOException {
        start(inNamespace(agent(OneboxClient.class, client("a", "tun-a"))));
        awaitUp("a");

        eventually(PATIENCE, () -> {
            JsonObject status = status("a");
            assertThat(status.text("state")).isEqualTo("connecting");
            assertThat(status.objects("links"))
                    .extracting(link -> link.text("name"))
                    .contains("up1");
            assertThat(status.objects("problems"))
                    .extracting(problem -> problem.text("code"))
                    .containsExactly("server.unreachable");
        });
    }

    @Test
    void aClockThatWasSetBackIsToldInStatus() throws IOException {
        Path state = Files.createDirectories(directory.resolve("a.state"));
        String nextYear = Instant.now().plus(Duration.ofDays(365)).toString();
        Files.writeString(state.resolve("handshake-time-server-tun-a"), nextYear + " clean\n");

        start(inNamespace(agent(OneboxServer.class, server("a", "tun-a"))));
        awaitUp("a");

        assertThat(status("a").objects("problems"))
                .extracting(problem -> problem.text("code"))
                .containsExactly("clock.behind");
    }

    @Test
    void stopLeavesTheHostAsItWas() throws IOException {
        String before = host();
        Process agent = start(inNamespace(agent(OneboxClient.class, client("a", "tun-a"))));
        awaitUp("a");
        assertThat(host()).isNotEqualTo(before);

        agent.destroy();

        eventually(PATIENCE, () -> assertThat(agent.isAlive()).isFalse());
        assertThat(agent.exitValue()).isZero();
        assertThat(host()).isEqualTo(before);
        assertThat(directory.resolve("a.sock")).doesNotExist();
    }

    @Test
    void theNextStartTidiesUpAfterAKill() throws IOException {
        String before = host();
        Path config = client("a", "tun-a");
        Process killed = start(inNamespace(agent(OneboxClient.class, config)));
        awaitUp("a");
        killed.destroyForcibly();
        eventually(PATIENCE, () -> assertThat(killed.isAlive()).isFalse());

        Process next = start(inNamespace(agent(OneboxClient.class, config)));
        awaitUp("a");
        next.destroy();

        eventually(PATIENCE, () -> assertThat(next.isAlive()).isFalse());
        assertThat(host()).isEqualTo(before);
    }

    @Test
    void hangupReloadsAndAWrongFileChangesNothing() throws IOException {
        Path config = server("a", "tun-a");
        Process agent = start(inNamespace(agent(OneboxServer.class, config)));
        awaitUp("a");
        String good = Files.readString(config);

        Files.writeString(
                config,
                good + "[[client]]\nname = \"van\"\npublic-key = \"" + PEER + "\"\naddresses = [\"10.77.0.2/32\"]\n");
        run("kill", "-HUP", String.valueOf(agent.pid()));
        eventually(PATIENCE, () -> assertThat(status("a").objects("clients")).hasSize(1));
        Files.writeString(config, good.replace("addresses", "adresses"));
        run("kill", "-HUP", String.valueOf(agent.pid()));

        eventually(PATIENCE, () -> assertThat(log(agent)).contains("configuration not reloaded"));
        assertThat(status("a").objects("clients")).hasSize(1);
    }

    @Test
    void hangupWhileItStartsIsObeyedOnceItServes() throws IOException {
        Path config = server("a", "tun-a");
        Process agent = start(inNamespace(agent(OneboxServer.class, config)));
        eventually(PATIENCE, () -> assertThat(log(agent)).contains("starting"));

        Files.writeString(
                config,
                Files.readString(config) + "[[client]]\nname = \"van\"\npublic-key = \"" + PEER
                        + "\"\naddresses = [\"10.77.0.2/32\"]\n");
        run("kill", "-HUP", String.valueOf(agent.pid()));

        awaitUp("a");
        eventually(PATIENCE, () -> assertThat(status("a").objects("clients")).hasSize(1));
    }

    private Path server(String name, String tunnel) throws IOException {
        return Files.writeString(directory.resolve(name + ".toml"), """
                [identity]
                private-key-file = "a.key"
                [tunnel]
                interface = "%s"
                addresses = ["10.77.0.1/24"]
                [api]
                socket = "%s"
                [metrics]
                listen = ""
                [state]
                directory = "%s"
                """.formatted(
                        tunnel, directory.resolve(name + ".sock"), directory.resolve(name + ".state")));
    }

    private Path client(String name, String tunnel) throws IOException {
        return Files.writeString(directory.resolve(name + ".toml"), """
                [server]
                endpoints = ["192.0.2.1:51820"]
                public-key = "%s"
                [identity]
                private-key-file = "a.key"
                [tunnel]
                interface = "%s"
                addresses = ["10.77.0.2/32"]
                [links]
                include = ["up*"]
                [api]
                socket = "%s"
                [metrics]
                listen = ""
                [state]
                directory = "%s"
                """.formatted(
                        PEER, tunnel, directory.resolve(name + ".sock"), directory.resolve(name + ".state")));
    }

    private static List<String> agent(Class<?> program, Path config) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                "run",
                "--config",
                config.toString());
    }

    private List<String> inNamespace(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    private Process start(List<String> command) throws IOException {
        Path log = directory.resolve("log" + processes.size());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String log(Process process) {
        return read(directory.resolve("log" + processes.indexOf(process)));
    }

    private Ended end(List<String> command) throws IOException {
        Process process = start(command);
        eventually(
                PATIENCE, () -> assertThat(process.isAlive()).as(log(process)).isFalse());
        return new Ended(process.exitValue(), log(process));
    }

    private void awaitUp(String name) {
        eventually(PATIENCE, () -> {
            assertThat(processes.getLast().isAlive())
                    .as(log(processes.getLast()))
                    .isTrue();
            assertThat(status(name).text("schema")).isEqualTo("onebox.status/1");
        });
    }

    private JsonObject status(String name) {
        String text = output(
                "curl", "-s", "--unix-socket", directory.resolve(name + ".sock").toString(), "http://a/v1/status");
        return new JsonObject(Json.object(text).orElseThrow(() -> new AssertionError("no status: " + text)));
    }

    /// Everything an agent may change.
    private String host() {
        return output("ip", "-n", namespace, "-br", "link")
                + output("ip", "-n", namespace, "rule")
                + output("ip", "-n", namespace, "-6", "rule")
                + output("ip", "-n", namespace, "route", "show", "table", "all")
                + output("ip", "netns", "exec", namespace, "nft", "list", "ruleset")
                + output(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        "sysctl",
                        "net.ipv4.ip_forward",
                        "net.ipv4.conf.up1.rp_filter");
    }

    private void inside(String... command) throws IOException {
        run(inNamespace(List.of(command)).toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        assertThat(output(command)).as(String.join(" ", command)).isEmpty();
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private record Ended(int exitCode, String output) {}
}
