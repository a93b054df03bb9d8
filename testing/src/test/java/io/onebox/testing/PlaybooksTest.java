package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Playbooks are clean under ansible-lint's strictest profile and yamllint.
class PlaybooksTest {

    private final Repository repository = Repository.find();

    @Test
    void ansibleLintHasNothingToSay() throws IOException, InterruptedException {
        assertSilent("ansible-lint", "--offline", "--strict", "--profile=production", "--nocolor", "-q");
    }

    @Test
    void yamllintHasNothingToSay() throws IOException, InterruptedException {
        assertSilent("yamllint", "--strict", ".");
    }

    private void assertSilent(String... command) throws IOException, InterruptedException {
        Process linter = new ProcessBuilder(List.of(command))
                .directory(repository.root().resolve("ansible").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(linter.waitFor()).as(said).isZero();
    }
}
