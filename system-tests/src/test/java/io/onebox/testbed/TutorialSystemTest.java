package io.onebox.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command of the tutorial runs as it stands there, one after another, and succeeds.
@Tag("system")
class TutorialSystemTest {

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

        Seclusion.run(commands, directory, Duration.ofMinutes(2));
    }
}
