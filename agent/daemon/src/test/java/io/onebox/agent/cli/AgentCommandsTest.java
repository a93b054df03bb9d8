package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.api.MemoryAgent;
import io.onebox.agent.status.Readings;
import io.onebox.agent.status.Role;
import io.onebox.agent.verticle.LocalApiVerticle;
import io.onebox.shared.cli.ExitCode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands that talk to a running agent, over a real socket and the real local API.
class AgentCommandsTest {

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final MemoryAgent client = new MemoryAgent(Readings.client());
    private final MemoryAgent server = new MemoryAgent(Readings.server());

    @BeforeEach
    void deploy() {
        vertx.deployVerticle(new LocalApiVerticle(directory.resolve("client.sock"), client))
                .await();
        vertx.deployVerticle(new LocalApiVerticle(directory.resolve("server.sock"), server))
                .await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void statusShowsAClientOnOneScreenProblemsFirst() {
        Typed status = client("status");

        assertThat(status.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(status.out()).isEqualTo(screen("status-client.txt"));
    }

    @Test
    void statusShowsAServerAndItsClients() {
        assertThat(server("status").out()).isEqualTo(screen("status-server.txt"));
    }

    @Test
    void jsonIsTheDocumentOfTheAgentOnOneLine() {
        assertThat(client("status", "--json").out())
                .startsWith("{\"schema\":\"onebox.status/1\",")
                .endsWith("}\n")
                .hasLineCount(1);
        assertThat(client("--json", "links").out()).startsWith("{\"schema\":\"onebox.links/1\",");
        assertThat(client("stats", "--json").out()).startsWith("{\"schema\":\"onebox.stats/1\",");
        assertThat(server("clients", "--json").out()).startsWith("{\"schema\":\"onebox.clients/1\",");
    }

    @Test
    void checksTellByTheirExitCode() {
        assertThat(client("status", "--check", "live").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(client("status", "--check", "ready").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(client("status", "--check", "bonded").exitCode()).isEqualTo(ExitCode.DEGRADED);
        assertThat(server("status", "--check", "bonded").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(client("status", "--check", "happy").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void statsAreALineASample() {
        assertThat(client("stats").out())
                .isEqualTo("2026-11-22T13:00:01Z  |  rx 1.00Mbit/s  |  tx 500kbit/s"
                        + "  |  eth0 usable rx 1.04Mbit/s tx 520kbit/s rtt 20.0ms jitter 1.0ms loss 1.5%"
                        + "  |  wwan0 down rx 0bit/s tx 0bit/s rtt - jitter - loss -"
                        + "  |  usb0 closed rx - tx - rtt - jitter - loss -\n");
        assertThat(client("stats", "--last", "5s", "--json").out()).hasLineCount(2);
    }

    @Test
    void linksAreChangedPausedAndResumed() {
        assertThat(client("links", "set", "eth0", "role=backup", "upload=10Mbit/s")
                        .exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(client("links", "pause", "eth0").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(client("links", "resume", "eth0").exitCode()).isEqualTo(ExitCode.OK);

        assertThat(client.told)
                .containsExactly(
                        "eth0 {\"role\":\"backup\",\"upload\":\"10Mbit/s\"}",
                        "eth0 {\"paused\":\"true\"}",
                        "eth0 {\"paused\":\"false\"}");
    }

    @Test
    void aRefusalComesWithItsReasonRemedyAndExitCode() {
        Typed unknown = client("links", "set", "eth9", "role=backup");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(unknown.err()).isEqualTo("onebox-client: no link 'eth9'\n  try eth0\n");

        Typed misspelt = client("links", "set", "eth0", "rol=backup");
        assertThat(misspelt.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(misspelt.err()).isEqualTo("onebox-client: unknown key 'rol'\n  did you mean 'role'?\n");

        client("reload");
        assertThat(client("reload").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void newKeysAreAskedForWhereThereIsAController() {
        assertThat(client("rekey").err()).startsWith("asked;");
        assertThat(client.told).containsExactly("rekey");

        Typed alone = server("rekey");

        assertThat(alone.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(alone.err()).contains("no controller configures this agent", "keygen");
    }

    @Test
    void theTunnelIsSwitchedOffAndOn() {
        assertThat(client("down").err()).isEqualTo("the tunnel is off\n");
        assertThat(client("up", "--quiet").err()).isEmpty();
        assertThat(client("reload").err()).isEqualTo("links.exclude\n");

        assertThat(client.told).containsExactly("down", "up", "reload");
    }

    @Test
    void configShowPrintsWhatIsInForceAsToml() {
        assertThat(client("config", "show").out()).isEqualTo("[tunnel]\nmtu = \"auto\"\n\n");
        assertThat(client("config", "show", "--json").out()).contains("\"schema\":\"onebox.config/1\"");
    }

    @Test
    void theRolesHaveTheirOwnCommands() {
        assertThat(server("links").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(server("down").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(client("clients").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysWhenNobodyAnswers() {
        String nowhere = directory.resolve("nowhere.sock").toString();
        Typed status = Typed.type(Role.CLIENT, "status", "--socket", nowhere);

        assertThat(status.exitCode()).isEqualTo(ExitCode.NOT_RUNNING);
        assertThat(status.out()).isEmpty();
        assertThat(status.err())
                .isEqualTo("onebox-client: no agent answers at " + nowhere
                        + "\n  start it with: onebox-client start; or say where it is with --socket or --config\n");
    }

    private static String screen(String name) {
        try (InputStream in = AgentCommandsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Typed client(String... arguments) {
        return type(Role.CLIENT, "client.sock", arguments);
    }

    private Typed server(String... arguments) {
        return type(Role.SERVER, "server.sock", arguments);
    }

    private Typed type(Role role, String socket, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--socket";
        all[arguments.length + 1] = directory.resolve(socket).toString();
        return Typed.type(role, all);
    }
}
