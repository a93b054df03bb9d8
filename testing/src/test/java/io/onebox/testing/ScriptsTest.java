package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Scripts are clean under shellcheck, can be run, and stop at the first error.
class ScriptsTest {

    private final Repository repository = Repository.find();
    private final List<Path> scripts = repository.scripts();

    @Test
    void shellcheckHasNothingToSay() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("shellcheck", "--format=gcc"));
        scripts.forEach(script -> command.add(script.toString()));

        Process shellcheck = new ProcessBuilder(command)
                .directory(repository.root().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shellcheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shellcheck.waitFor()).as(said).isZero();
    }

    @Test
    void everyScriptCanBeRunAndStopsAtTheFirstError() {
        assertThat(scripts).isNotEmpty().allSatisfy(script -> {
            assertThat(Files.isExecutable(repository.root().resolve(script)))
                    .as(script + " is executable")
                    .isTrue();
            assertThat(repository.text(script)).as("" + script).containsPattern("(?m)^set -eu(o pipefail)?$");
            assertThat(repository.lines(script)).as("lines of " + script).hasSizeLessThanOrEqualTo(400);
        });
    }
}
