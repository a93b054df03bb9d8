package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a compiler does not see: words, leftovers, files nobody needs.
class TidyTest {

    private static final String THIS = "testing/src/test/java/io/onebox/testing/TidyTest.java";

    private final Repository repository = Repository.find();

    /// A pattern no source may contain, and why.
    private record Banned(String pattern, String why) {}

    private static final List<Banned> IN_SOURCES = List.of(
            new Banned("\\b(TODO|FIXME|XXX|HACK)\\b", "finish it, or write an issue"),
            new Banned("@author\\b", "git knows"),
            new Banned("^import (static )?lombok\\.|^import (static )?com\\.google\\.common\\.", "write it plainly"),
            new Banned("^\\s*// *(-{4,}|={4,}|\\*{4,})", "a file that needs banners is two files"),
            new Banned("^\\s*/\\*\\*", "Javadoc is Markdown: ///"),
            new Banned("catch \\([^)]*\\) \\{\\s*\\}", "an empty catch needs a comment with its reason"),
            new Banned("\\bThread\\.sleep\\(", "wait for a fact, with Eventually"),
            new Banned("\\b(whitelist|blacklist)", "say allow or deny"));

    private static final List<Banned> IN_TESTS = List.of(
            new Banned("@Disabled|\\bassumeT(rue|hat)\\(|\\bassumeFalse\\(", "a skipped test proves nothing"),
            new Banned(
                    "^import (static )?org\\.junit\\.jupiter\\.api\\.Assert|^import (static )?org\\.junit\\.Assert",
                    "AssertJ only"),
            new Banned("^import (static )?org\\.mockito\\.", "fakes, not mocks"),
            new Banned("\\bvoid test[A-Z_]", "a test's name is a sentence in the present"),
            new Banned(
                    "new (ServerSocket|DatagramSocket)\\([1-9]|new InetSocketAddress\\((\"[^\"]*\", *)?[1-9]\\d+\\)"
                            + "|\\.listen\\([1-9]",
                    "a fixed port is busy one day; bind port 0"));

    private static final List<Banned> IN_DOCUMENTS = List.of(
            new Banned(
                    "(?i)\\b(leverag|seamless|blazing|state[- ]of[- ]the[- ]art|utiliz|cutting[- ]edge)",
                    "say what it does"),
            new Banned("(?i)\\b(simply|obviously|of course),? ", "what is simple need not be called so"));

    @Test
    void sourcesContainNothingBanned() {
        assertThat(violations(repository.java(), IN_SOURCES)).isEmpty();
        assertThat(violations(repository.matching(".*/src/test/.*\\.java"), IN_TESTS))
                .isEmpty();
    }

    @Test
    void documentsContainNothingBanned() {
        assertThat(violations(repository.matching(".*\\.md"), IN_DOCUMENTS)).isEmpty();
    }

    private List<String> violations(List<Path> files, List<Banned> rules) {
        List<String> found = new ArrayList<>();
        for (Banned banned : rules) {
            Predicate<String> contains = Pattern.compile(banned.pattern()).asPredicate();
            files.stream()
                    .filter(file -> !file.toString().equals(THIS))
                    .flatMap(file -> places(file, contains))
                    .map(place -> place + ": " + banned.why())
                    .forEach(found::add);
        }
        return found;
    }

    private Stream<String> places(Path file, Predicate<String> contains) {
        List<String> lines = repository.lines(file);
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .filter(i -> contains.test(lines.get(i)))
                .map(i -> file + ":" + (i + 1) + ": " + lines.get(i).strip());
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<Path> silent = repository.matching(".*/src/main/java/.*\\.java").stream()
                .map(Path::getParent)
                .distinct()
                .filter(directory -> !saysWhatItIsFor(directory.resolve("package-info.java")))
                .toList();

        assertThat(silent)
                .as("packages without a package-info.java of one sentence and @NullMarked")
                .isEmpty();
    }

    private boolean saysWhatItIsFor(Path packageInfo) {
        return repository.files().contains(packageInfo)
                && repository.text(packageInfo).startsWith("/// ")
                && repository.text(packageInfo).contains("@NullMarked");
    }

    @Test
    void onlyTheParentNamesVersions() {
        Pattern version = Pattern.compile("<version>[^$]");
        List<Path> children = repository.matching(".*/pom\\.xml").stream()
                .filter(pom -> version.matcher(repository.text(pom).replaceFirst("(?s)<parent>.*</parent>", ""))
                        .find())
                .toList();

        assertThat(children)
                .as("child POMs are names and lists; versions stand in the parent")
                .isEmpty();
    }
}
