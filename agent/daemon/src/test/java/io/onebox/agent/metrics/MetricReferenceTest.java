package io.onebox.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.dataplane.DeviceDrop;
import io.onebox.engine.stats.DropReason;
import io.onebox.testing.ReferencePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/metrics.md` lists the meters that [AgentMeters] makes, no more and no fewer.
class MetricReferenceTest {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "reference", "metrics.md");
    private static final Path SOURCE = Path.of("src", "main", "java", "io", "onebox", "agent", "metrics");

    @Test
    void theReferenceListsEveryMeter() throws IOException {
        Set<String> documented = names(
                DOCUMENT,
                "\\| `(onebox_(?!controller_)[a-z_]+)`",
                name -> name.group(1).replaceFirst("_total$", ""));
        Set<String> made = names(
                SOURCE.resolve("AgentMeters.java"),
                "\"(onebox\\.[a-z.]+)\"",
                name -> name.group(1).replace('.', '_'));

        assertThat(documented).isNotEmpty().isEqualTo(made);
    }

    @Test
    void theReferenceListsEveryReasonToDrop() throws IOException {
        Path source = Path.of("..", "engine", "src", "main", "java", "io", "onebox", "engine", "stats")
                .resolve("DropReason.java");
        List<List<String>> rows = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            String label = reason.name().toLowerCase(Locale.ROOT);
            rows.add(List.of("`" + label + "`", ReferencePage.meaning(source, reason)));
        }

        ReferencePage.of("metrics.md").hasTable("drop reasons", List.of("reason", "meaning"), rows);
    }

    @Test
    void theReferenceListsEveryReasonOfADevice() throws IOException {
        Path source = SOURCE.resolve("../dataplane/DeviceDrop.java");
        List<List<String>> rows = new ArrayList<>();
        for (DeviceDrop reason : DeviceDrop.values()) {
            rows.add(List.of("`" + reason.label() + "`", ReferencePage.meaning(source, reason)));
        }

        ReferencePage.of("metrics.md").hasTable("device drop reasons", List.of("reason", "meaning"), rows);
    }

    private static Set<String> names(Path file, String pattern, Function<MatchResult, String> name) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
