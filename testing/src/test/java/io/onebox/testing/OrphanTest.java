package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Nothing lies about that nobody needs.
class OrphanTest {

    private static final Pattern WORD = Pattern.compile("\\w+");

    private final Repository repository = Repository.find();

    @Test
    void everySourceIsNeededByAnother() {
        Map<String, StringBuilder> linesOf = new HashMap<>();
        for (Path file : repository.matching(".*(\\.java|\\.xml|/bin/.*|/dist/.*|META-INF/services/.*)")) {
            addLine(file.getFileName().toString(), linesOf);
            repository.text(file).lines().forEach(line -> addLine(line, linesOf));
        }

        List<Path> orphans = repository.java().stream()
                .filter(file -> !isStart(file))
                .filter(file -> !isUsed(typeOf(file), linesOf))
                .toList();

        assertThat(orphans).as("sources no other file mentions").isEmpty();
    }

    private static void addLine(String line, Map<String, StringBuilder> linesOf) {
        WORD.matcher(line)
                .results()
                .map(MatchResult::group)
                .distinct()
                .forEach(word -> linesOf.computeIfAbsent(word, _ -> new StringBuilder())
                        .append(line)
                        .append('\n'));
    }

    /// Whether something outside our sources runs it: a test, a benchmark, a program, the compiler.
    private boolean isStart(Path file) {
        String text = repository.text(file);
        return file.endsWith("package-info.java")
                || text.contains("@Test")
                || text.contains("@ParameterizedTest")
                || text.contains("@Seeded")
                || text.contains("@FuzzTest")
                || text.contains("@Benchmark")
                || text.contains("implements HouseRules")
                || text.contains("static void main(");
    }

    private static String typeOf(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    /// Mentioned at least once beyond its own declaration.
    private static boolean isUsed(String type, Map<String, StringBuilder> linesOf) {
        CharSequence everything = linesOf.getOrDefault(type, new StringBuilder());
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
