package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command of the tutorial runs as it stands there, one after another, and succeeds.
@Tag("system")
class TutorialSystemTest {

    private static final File ROOT = new File("..");
    private static final Path TUTORIAL = Path.of("..", "docs", "tutorial", "first-bond.md");

    @TempDir
    private Path directory;

    @Test
    void everyCommandOfTheTutorialSucceeds() throws IOException, InterruptedException {
        String commands = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(TUTORIAL))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n"));
        Path script = Files.writeString(directory.resolve("tutorial.sh"), commands);
        Path log = directory.resolve("tutorial.log");

        // As the tutorial says; --kill-child ends the agents with the shell, however it ends.
        Process shell = new ProcessBuilder(List.of(
                        "unshare",
                        "--mount",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "bash",
                        "-eux",
                        script.toString()))
                .directory(ROOT)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = shell.waitFor(2, TimeUnit.MINUTES);
        shell.destroyForcibly();

        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(shell.exitValue()).as(Files.readString(log)).isZero();
    }
}
