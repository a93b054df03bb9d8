package io.onebox.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.PathState;
import io.onebox.testing.ReferencePage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// `docs/reference/problems.md` lists every [ProblemKind].
class ProblemReferenceTest {

    private static final Path SOURCE =
            Path.of("src", "main", "java", "io", "onebox", "agent", "status", "ProblemKind.java");

    @Test
    void theReferenceListsEveryProblem() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (ProblemKind kind : ProblemKind.values()) {
            String severity = kind.severity().name().toLowerCase(Locale.ROOT);
            rows.add(List.of("`" + kind.code() + "`", severity, ReferencePage.meaning(SOURCE, kind)));
        }

        ReferencePage.of("problems.md").hasTable("problems", List.of("code", "severity", "meaning"), rows);
    }

    @Test
    void everyStateOfAPathButUsableIsAProblem() {
        for (PathState state : PathState.values()) {
            String spelling = state.name().toLowerCase(Locale.ROOT);
            if (state != PathState.USABLE) {
                assertThat(ProblemKind.ofPath(spelling).code()).isEqualTo("link." + spelling);
            }
        }
    }
}
