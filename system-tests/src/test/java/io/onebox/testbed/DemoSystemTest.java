package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/demo --keep` as somebody runs it who has just cloned the repository: what it prints opens every page of the
/// console, once, and Ctrl-C leaves nothing behind. What is clicked and seen stands in `web-ui/test/browser/demo.mjs`.
@Tag("system")
@Tag("alone")
@Tag("long")
class DemoSystemTest {

    /// It says a minute and a half, and may have to be built before.
    private static final Duration UNTIL_KEPT = Duration.ofMinutes(8);

    private static final Duration UNTIL_GONE = Duration.ofSeconds(30);
    private static final Pattern ADDRESS =
            Pattern.compile("^ +(https://127\\.0\\.0\\.1:\\d+/set-up#\\S+)$", Pattern.MULTILINE);

    @TempDir
    private Path directory;

    private Path log;
    private Process demo;

    @BeforeEach
    void start() throws IOException {
        log = directory.resolve("demo.log");
        // With a process group of its own, and Ctrl-C not ignored, as a terminal has it.
        demo = new ProcessBuilder("env", "--default-signal=INT", "setsid", "bin/demo", "--keep")
                .directory(Checkout.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    @AfterEach
    void end() {
        Shell.attempt("", List.of("kill", "-KILL", "--", "-" + demo.pid()));
        Leftovers.clean();
    }

    @Test
    void whatItPrintsOpensEveryPageOnceAndCtrlCLeavesNothing() throws InterruptedException {
        eventually(
                UNTIL_KEPT,
                () -> assertThat(said().contains("Ctrl-C ends it") || !demo.isAlive())
                        .isTrue());
        Matcher address = ADDRESS.matcher(said());
        assertThat(address.find()).as(said()).isTrue();

        Shell.Result result = Shell.attempt("", List.of(Browser.command("demo", "SET_UP=" + address.group(1))));

        assertThat(result.exitCode())
                .as("%s%s%n%s", result.output(), result.errors(), said())
                .isZero();
        Measured.print(said() + result.output());
        List<String> running = processes();
        assertThat(running).hasSizeGreaterThan(3);
        Shell.run(List.of("kill", "-INT", "--", "-" + demo.pid()));
        assertThat(demo.waitFor(UNTIL_GONE.toSeconds(), TimeUnit.SECONDS))
                .as(said())
                .isTrue();
        assertThat(said()).doesNotContain("tear-down goes on after");
        assertThat(namespaces()).isEmpty();
        assertThat(running)
                .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid)).isPresent());
        assertThat(Shell.attempt("", List.of("pgrep", "--pgroup", "" + demo.pid()))
                        .output())
                .isEmpty();
        assertThat(Shell.script(
                        "find \"${TMPDIR:-/tmp}\" -maxdepth 1 -name '%s%d-*'".formatted(Leftovers.PREFIX, demo.pid())))
                .isEmpty();
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The namespaces of the demo: their names carry its process id, which is that of the script that became it.
    private List<String> namespaces() {
        return Shell.run(List.of("ip", "netns", "list"))
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.startsWith(Leftovers.PREFIX + demo.pid() + "-"))
                .toList();
    }

    private List<String> processes() {
        return namespaces().stream()
                .flatMap(name -> Shell.run(List.of("ip", "netns", "pids", name)).lines())
                .toList();
    }
}
