package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Nothing lies about that nobody needs.
class OrphanTest {

    private final Repository repository = Repository.find();

    @Test
    void everySourceIsNeededByAnother() {
        String everything = String.join(
                "\n",
                repository.matching(".*(\\.java|\\.xml|/bin/.*|/dist/.*|META-INF/services/.*)").stream()
                        .map(file -> file.getFileName() + "\n" + repository.text(file))
                        .toList());

        List<Path> orphans = repository.java().stream()
                .filter(file -> !isStart(file))
                .filter(file -> !isUsed(typeOf(file), everything))
                .toList();

        assertThat(orphans).as("sources no other file mentions").isEmpty();
    }

    /// Whether something outside our sources runs it: a test, a benchmark, a program, the compiler.
    private boolean isStart(Path file) {
        String text = repository.text(file);
        return file.endsWith("package-info.java")
                || text.contains("@Test")
                || text.contains("@ParameterizedTest")
                || text.contains("@Seeded(")
                || text.contains("@FuzzTest")
                || text.contains("@Benchmark")
                || text.contains("implements HouseRules")
                || text.contains("static void main(");
    }

    private static String typeOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    /// Mentioned at least once beyond its own declaration.
    private static boolean isUsed(String type, String everything) {
        String declaration = "(class|interface|record|enum) " + type + "\\b";
        long mentions = Pattern.compile("\\b" + type + "\\b(?!\\.java)")
                .matcher(everything)
                .results()
                .count();
        long own = Pattern.compile(declaration).matcher(everything).results().count();
        long constructors = Pattern.compile("^ {4}(public |private |protected )?" + type + " ?[({]", Pattern.MULTILINE)
                .matcher(everything)
                .results()
                .count();
        return mentions > own + constructors;
    }
}
