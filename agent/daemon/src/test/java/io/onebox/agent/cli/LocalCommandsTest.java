package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.message.SignedConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that need no agent.
class LocalCommandsTest {

    /// A pair made by wireguard-tools 1.0.20210914: `wg genkey`, `wg pubkey`.
    private static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    private static final String PUBLIC_KEY = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";

    @TempDir
    private Path directory;

    @Test
    void keygenWritesAFileForItsOwnerAloneAndPrintsThePublicKey() throws IOException {
        Path file = directory.resolve("client.key");

        Typed keygen = Typed.type(Role.CLIENT, "keygen", "--out", file.toString());

        assertThat(keygen.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(keygen.out())
                .hasSize(45)
                .isEqualTo(Typed.type(Role.CLIENT, "pubkey", file.toString()).out());
    }

    @Test
    void keygenLeavesAnExistingFileAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("client.key"), "precious");

        Typed keygen = Typed.type(Role.CLIENT, "keygen", "--out", file.toString());

        assertThat(keygen.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(keygen.err()).contains("exists and is left as it is");
        assertThat(file).hasContent("precious");
    }

    @Test
    void keygenPrintsBothKeysWithoutAFile() {
        assertThat(Typed.type(Role.CLIENT, "keygen").out()).hasLineCount(2);
        assertThat(Json.object(Typed.type(Role.CLIENT, "keygen", "--json").out())
                        .orElseThrow())
                .containsEntry("schema", "onebox.keygen/1")
                .containsKeys("privateKey", "publicKey");
    }

    @Test
    void pubkeyKnowsTheKeyWireGuardToolsMadeOfIt() {
        assertThat(Typed.typeWithInput(Role.SERVER, PRIVATE_KEY + "\n", "pubkey")
                        .out())
                .isEqualTo(PUBLIC_KEY + "\n");
    }

    @Test
    void pubkeyRefusesWhatIsNoKey() {
        Typed pubkey = Typed.typeWithInput(Role.CLIENT, "hunter2\n", "pubkey");

        assertThat(pubkey.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(pubkey.err()).contains("must hold 32 bytes in base64").doesNotContain("hunter2");
    }

    @Test
    void configCheckListsEveryErrorAndExitsWith78() throws IOException {
        Path file = Files.writeString(directory.resolve("client.toml"), "[server]\nendpoint = []\n");

        Typed check = Typed.type(Role.CLIENT, "config", "check", file.toString());

        assertThat(check.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(check.err().lines())
                .hasSize(5)
                .contains(file + ":2: server.endpoint: unknown key; did you mean 'endpoints'?");
        assertThat(Typed.type(Role.CLIENT, "config", "check", "--json", file.toString())
                        .out())
                .startsWith("{\"schema\":\"onebox.config-check/1\",")
                .contains("\"line\":2,\"key\":\"server.endpoint\"");
    }

    @Test
    void configCheckIsContentWithAGoodFile() {
        assertThat(Typed.type(Role.SERVER, "config", "check", goodServer().toString()))
                .isEqualTo(new Typed(ExitCode.OK, "", goodServer() + " is right\n"));
    }

    @Test
    void configCheckOfAnEnrolledAgentKnowsWhatTheControllerSays() throws IOException {
        Path file = directory.resolve("client.toml");
        var random = new SecureRandom();
        SigningKey root = SigningKey.generate(random);
        SigningKey signer = SigningKey.generate(random);
        ControlFiles files = ControlFiles.of(directory, "client");
        files.tunnelPublicKey(random);
        files.enrolled(new ControlFiles.Enrolment(
                "a1", root.verifyKey().fingerprint(), false, List.of(URI.create("https://c.example:8443"))));
        String state = "[state]\ndirectory = \"" + directory + "\"\n";

        Files.writeString(file, state + "[tunnel]\nnat = true\n");
        assertThat(Typed.type(Role.CLIENT, "config", "check", "--config", file.toString())
                        .exitCode())
                .as("before the first configuration")
                .isEqualTo(ExitCode.OK);

        var from = Instant.parse("2026-01-01T00:00:00Z");
        SignedConfig config = SignedConfig.sign(
                "a1",
                1,
                """
                {"control":{"enabled":true,"confirm-seconds":30},
                 "server":{"endpoints":["192.0.2.1:51820"],"public-key":"%s"},
                 "tunnel":{"addresses":["10.77.0.2/32"]}}""".formatted("A".repeat(43) + "="),
                root.verifyKey(),
                SignerCertificate.issue(root, signer.verifyKey(), from, from.plus(Duration.ofDays(3650))),
                signer);
        files.good(config, Optional.empty());
        assertThat(Typed.type(Role.CLIENT, "config", "check", "--config", file.toString())
                        .err())
                .isEqualTo(file + " is right\n");

        Files.writeString(file, state + "[tunnel]\nnot = true\n[server]\nendpoints = []\n");
        assertThat(Typed.type(Role.CLIENT, "config", "check", "--config", file.toString())
                        .err())
                .contains("server: is set by the controller");
    }

    @Test
    void configShowReadsTheFileWhereNoAgentRuns() {
        Typed show = Typed.type(
                Role.SERVER,
                "config",
                "show",
                "--config",
                goodServer().toString(),
                "--socket",
                directory.resolve("none.sock").toString());

        assertThat(show.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(show.out())
                .contains("[listen]\nport = 51820\n", "mtu = \"auto\"", "[metrics]\nlisten = \"127.0.0.1:9587\"\n")
                .doesNotContain(PRIVATE_KEY);
    }

    @Test
    void theSocketIsFoundInTheConfiguration() throws IOException {
        Path file = Files.writeString(directory.resolve("a.toml"), "[api]\nsocket = \"/nowhere/a.sock\"\n");

        assertThat(Typed.type(Role.CLIENT, "status", "--config", file.toString())
                        .err())
                .contains("no agent answers at /nowhere/a.sock");
    }

    @ParameterizedTest
    @EnumSource
    void versionNamesTheProgram(Role role) {
        assertThat(Typed.type(role, "version").out()).startsWith(role.program() + " ");
        assertThat(Typed.type(role, "--version").out()).startsWith(role.program() + " ");
        assertThat(Typed.type(role, "version", "--json").out()).startsWith("{\"schema\":\"onebox.version/1\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completionKnowsTheCommands(String shell) {
        assertThat(Typed.type(Role.CLIENT, "completion", shell).out())
                .contains("onebox-client", "status", "links", "pubkey", "resume");
    }

    /// Debian's zsh finds it by its name, and by this line.
    @Test
    void zshLoadsTheScriptWhenItIsNeeded() {
        assertThat(Typed.type(Role.CLIENT, "completion", "zsh").out()).startsWith("#compdef onebox-client\n");
    }

    @ParameterizedTest
    @EnumSource
    void theManualDescribesEveryCommandAndIsNotAmongThem(Role role) {
        String manual = Typed.type(role, "manual").out();

        assertThat(manual)
                .startsWith(".TH " + role.program().toUpperCase(Locale.ROOT) + " 1 ")
                .contains(".SS \"config check [F]\"", ".SS \"start\"", ".B \\-\\-socket F")
                .contains(".B " + role.defaultConfig())
                .doesNotContain(".SS \"manual\"");
        assertThat(manual.lines().filter(line -> line.startsWith("'"))).isEmpty();
        assertThat(Typed.type(role, "--help").out()).doesNotContain("manual");
    }

    @Test
    void helpListsEveryCommandOfTheContract() {
        assertThat(Typed.type(Role.CLIENT, "--help").out())
                .contains(
                        "run",
                        "start",
                        "stop",
                        "restart",
                        "status",
                        "stats",
                        "top",
                        "links",
                        "up",
                        "down",
                        "keygen",
                        "pubkey",
                        "config",
                        "doctor",
                        "version",
                        "help",
                        "completion");
        assertThat(Typed.type(Role.SERVER, "help").out()).contains("clients").doesNotContain("\n  links ");
        assertThat(Typed.type(Role.CLIENT, "help", "links", "set").out()).contains("key=value");
        assertThat(Typed.type(Role.CLIENT, "links", "set", "-h").exitCode()).isEqualTo(ExitCode.OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"frobnicate", "status --check", "status extra", "--timeout 5 status", "links set eth0", "config"
            })
    void wrongUsageExitsWith64AndSaysWhereToLook(String line) {
        Typed typed = Typed.type(Role.CLIENT, line.split(" "));

        assertThat(typed.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err()).contains("see: onebox-client").hasLineCount(2);
    }

    @Test
    void aMissingCommandIsWrongUsage() {
        assertThat(Typed.type(Role.CLIENT).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void stopHasNothingToDoWhereNothingRuns() {
        Typed stop = Typed.type(
                Role.CLIENT, "stop", "--socket", directory.resolve("none.sock").toString());

        assertThat(stop).isEqualTo(new Typed(ExitCode.OK, "", "not running\n"));
    }

    private Path goodServer() {
        try {
            Path key = directory.resolve("server.key");
            if (!Files.exists(key)) {
                Files.createFile(
                        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(key, PRIVATE_KEY);
            return Files.writeString(
                    directory.resolve("server.toml"),
                    "[identity]\nprivate-key-file = \"server.key\"\n[tunnel]\naddresses = [\"10.77.0.1/24\"]\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
