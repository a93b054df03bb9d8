package io.onebox.agent.cli;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.api.MemoryAgent;
import io.onebox.agent.status.Readings;
import io.onebox.agent.status.Role;
import io.onebox.agent.verticle.LocalApiVerticle;
import io.onebox.shared.cli.ExitCode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `start` and `stop` without systemd, with shell scripts in the place of the agent.
class BackgroundServiceTest {

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void install() {
        System.setProperty("onebox.home", directory.toString());
    }

    @AfterEach
    void close() {
        System.clearProperty("onebox.home");
        vertx.close().await();
    }

    @Test
    void startSaysWhyTheAgentDidNotComeUp() throws IOException {
        program("echo \"client.toml:3: tunnel.mtu: must be a whole number\" >&2; exit 78");

        Typed start = type("start");

        assertThat(start.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(start.err())
                .contains("client.toml:3: tunnel.mtu: must be a whole number", "the agent ended at once");
        assertThat(directory.resolve("a.pid")).doesNotExist();
    }

    @Test
    void startWaitsUntilTheAgentAnswersAndStopUntilItIsGone() throws IOException {
        program("touch " + directory.resolve("began") + "; exec sleep 100");
        CompletableFuture<Typed> start = CompletableFuture.supplyAsync(() -> type("start"));
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(directory.resolve("began")).exists());
        assertThat(start).isNotDone();

        String deployment = vertx.deployVerticle(
                        new LocalApiVerticle(directory.resolve("a.sock"), new MemoryAgent(Readings.client())))
                .await();
        assertThat(start.join().exitCode()).isEqualTo(ExitCode.OK);
        long pid = Long.parseLong(Files.readString(directory.resolve("a.pid")).split(" ", 2)[0]);
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(type("start").err()).startsWith("already running");

        vertx.undeploy(deployment).await();
        assertThat(type("stop").err()).isEqualTo("stopped\n");
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(directory.resolve("a.pid")).doesNotExist();
    }

    @Test
    void startGivesUpInTimeAndLeavesNothingBehind() throws IOException {
        program("echo $$ >" + directory.resolve("number") + "; exec sleep 100");

        Typed start = type("start", "--timeout", "1s");

        assertThat(start.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
        long pid = Long.parseLong(Files.readString(directory.resolve("number")).strip());
        eventually(
                Duration.ofSeconds(10), () -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }

    @Test
    void stopLeavesAloneAProcessThatOnlyHasTheNumber() throws IOException {
        Files.writeString(directory.resolve("a.pid"), ProcessHandle.current().pid() + " 1000\n");

        assertThat(type("stop").err()).isEqualTo("not running\n");
    }

    @Test
    void stopRefusesAnAgentThatSomebodyElseStarted() {
        vertx.deployVerticle(new LocalApiVerticle(directory.resolve("a.sock"), new MemoryAgent(Readings.client())))
                .await();

        assertThat(type("stop").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    private Typed type(String command, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = command;
        arguments[1] = "--socket";
        arguments[2] = directory.resolve("a.sock").toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Typed.type(Role.CLIENT, arguments);
    }

    private void program(String script) throws IOException {
        Path program = directory.resolve("bin/onebox-client");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
