package io.onebox.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Documents have one title, links that lead somewhere, and a reader who can find them.
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(#[^)\\s]*)?\\)");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w/])(bin/[a-z-]+)(?![\\w/-])");
    private static final int COLUMNS = 120;
    private static final int LARGEST_PICTURE = 150 * 1024;

    private final Repository repository = Repository.find();
    private final List<Path> documents = repository.matching(".*\\.md");

    @Test
    void everyDocumentStartsWithItsOnlyTitle() {
        assertThat(documents).isNotEmpty().allSatisfy(document -> {
            List<String> titles =
                    prose(document).filter(line -> line.startsWith("# ")).toList();
            assertThat(titles).as("titles of " + document).hasSize(1);
            assertThat(repository.lines(document).getFirst()).isEqualTo(titles.getFirst());
        });
    }

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            for (String line : prose(document).toList()) {
                LINK.matcher(line)
                        .results()
                        .filter(link -> !link.group(1).contains("://"))
                        .filter(link -> !leadsSomewhere(document, link.group(1), link.group(2)))
                        .forEach(link -> broken.add(document + ": " + link.group()));
            }
        }

        assertThat(broken).isEmpty();
    }

    private boolean leadsSomewhere(Path document, String target, String anchor) {
        Path here = repository.root().resolve(document);
        Path file = target.isEmpty() ? here : here.resolveSibling(target).normalize();
        if (anchor == null || !(target.isEmpty() || target.endsWith(".md"))) {
            return Files.exists(file);
        }
        return Files.exists(file)
                && prose(repository.root().relativize(file))
                        .filter(line -> line.startsWith("#"))
                        .anyMatch(heading -> anchor.equals("#" + anchorOf(heading)));
    }

    /// GitHub's rule: lower case, no punctuation, hyphens for spaces.
    private static String anchorOf(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    @Test
    void everyPictureIsShownDescribedAndSmall() throws IOException {
        String all = documents.stream().map(repository::text).collect(Collectors.joining());
        List<Path> pictures = repository.matching("docs/pictures/.*\\.(svg|png)");

        assertThat(pictures).isNotEmpty();
        for (Path picture : pictures) {
            assertThat(Files.size(repository.root().resolve(picture)))
                    .as("bytes of " + picture)
                    .isLessThan(LARGEST_PICTURE);
            assertThat(all)
                    .as("somewhere shown, with what it shows in words")
                    .containsPattern("!\\[[^\\]]{20,}]\\([^)]*/%s\\)".formatted(picture.getFileName()));
        }
    }

    @Test
    void everyDocumentIsLinkedFromAnother() {
        List<Path> orphans = documents.stream()
                .filter(document -> !document.equals(Path.of("README.md")))
                .filter(document -> documents.stream()
                        .filter(other -> !other.equals(document))
                        .noneMatch(other -> links(other, document)))
                .toList();

        assertThat(orphans).as("documents no other document links to").isEmpty();
    }

    @Test
    void everyDocumentIsFoundFromTheReadme() {
        Set<Path> found = new HashSet<>(Set.of(Path.of("README.md")));
        var next = new ArrayDeque<>(found);
        while (!next.isEmpty()) {
            Path from = next.poll();
            documents.stream().filter(to -> links(from, to)).filter(found::add).forEach(next::add);
        }

        assertThat(documents.stream().filter(document -> !found.contains(document)))
                .as("documents no way leads to from README.md")
                .isEmpty();
    }

    /// A directory with a README has its pages listed there.
    @Test
    void everyIndexNamesItsPages() {
        List<String> missing = documents.stream()
                .filter(document -> !document.endsWith("README.md"))
                .flatMap(document -> Stream.of(document.resolveSibling("README.md"))
                        .filter(documents::contains)
                        .filter(index -> !links(index, document))
                        .map(index -> index + " does not name " + document))
                .toList();

        assertThat(missing).isEmpty();
    }

    private boolean links(Path from, Path to) {
        Path here = repository.root().resolve(from);
        return prose(from)
                .flatMap(line -> LINK.matcher(line).results())
                .filter(link -> !link.group(1).isEmpty() && !link.group(1).contains("://"))
                .map(link -> here.resolveSibling(link.group(1)).normalize())
                .anyMatch(target -> target.equals(repository.root().resolve(to)));
    }

    @Test
    void linesFitAScreen() {
        List<String> wide = documents.stream()
                .flatMap(document -> prose(document)
                        .filter(line -> line.length() > COLUMNS && !line.startsWith("|"))
                        .map(line -> document + ": " + line))
                .toList();

        assertThat(wide)
                .as("lines of more than " + COLUMNS + " columns, tables apart")
                .isEmpty();
    }

    @Test
    void everyScriptTheDocumentsNameExists() {
        List<String> missing = documents.stream()
                .flatMap(document -> SCRIPT.matcher(repository.text(document))
                        .results()
                        .map(script -> script.group(1))
                        .filter(script -> !Files.isExecutable(repository.root().resolve(script)))
                        .map(script -> document + ": " + script))
                .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void decisionsAreNumberedWithoutRepeats() {
        List<Path> decisions = repository.matching("docs/decisions/.*\\.md").stream()
                .filter(document -> !document.endsWith("README.md"))
                .toList();

        assertThat(decisions)
                .allSatisfy(decision ->
                        assertThat(decision.getFileName().toString()).matches("\\d{4}-[a-z0-9-]+\\.md"))
                .allSatisfy(decision -> assertThat(repository.text(decision))
                        .as(decision + "")
                        .contains("## Context", "## Decision", "## Consequences", "## Alternatives"));
        assertThat(decisions.stream()
                        .map(decision -> decision.getFileName().toString().substring(0, 4))
                        .collect(Collectors.toList()))
                .doesNotHaveDuplicates();
    }

    /// The lines outside code blocks.
    private Stream<String> prose(Path document) {
        List<String> lines = new ArrayList<>();
        boolean code = false;
        for (String line : repository.lines(document)) {
            if (line.strip().startsWith("```")) {
                code = !code;
            } else if (!code) {
                lines.add(line);
            }
        }
        return lines.stream();
    }
}
