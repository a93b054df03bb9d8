package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Role;
import io.onebox.shared.message.EventKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/reference/api.md` says of permissions, problems, events and the stream what the program says.
class ApiReferenceTest {

    private static final String DOCUMENT = read(Path.of("..", "docs", "reference", "api.md"));

    /// Answers to what no client of ours sends; HTTP says what they mean.
    private static final Set<String> OF_HTTP = Set.of("internal", "method_not_allowed", "too_long");

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The text from a heading to the next.
    private static String section(String title) {
        String from = DOCUMENT.substring(DOCUMENT.indexOf("\n## " + title + "\n") + 1);
        int end = from.indexOf("\n## ");
        return end < 0 ? from : from.substring(0, end);
    }

    @Test
    void everyRoleMayWhatTheTableSays() {
        String table = Arrays.stream(Permission.values())
                .map(permission -> Arrays.stream(Role.values())
                        .map(role -> role.permissions().contains(permission) ? " yes |" : " no |")
                        .collect(Collectors.joining("", "| `" + permission.spelling() + "` |", "\n")))
                .collect(Collectors.joining());

        assertThat(section("Who may do what")).contains(table);
    }

    @Test
    void everyProblemIsListed() throws IOException {
        Set<String> made = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            sources.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> made.addAll(found("ApiProblem\\(\\s*\\d+,\\s*\"([a-z_]+)\"", read(file))));
        }
        made.removeAll(OF_HTTP);

        assertThat(made).hasSizeGreaterThan(8);
        assertThat(found("\\| `([a-z_]+)` \\|", section("Problems"))).containsAll(made);
    }

    /// The checklist of security names tests that exist, and the classes that are.
    @Test
    void everyTestOfTheChecklistExists() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (String module : Set.of("controller", "shared", "system-tests", "agent/daemon")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith("Test.java"))
                        .forEach(name -> tests.add(name.replace(".java", "")));
            }
        }
        String page = read(Path.of("..", "docs", "reference", "controller-security.md"));

        assertThat(found("`([A-Z][A-Za-z0-9]+Test)`", page))
                .hasSizeGreaterThan(20)
                .isSubsetOf(tests);
    }

    @Test
    void everyEventIsListedAndNoOther() {
        Set<String> kinds = Arrays.stream(EventKind.values())
                .map(EventKind::spelling)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found("`([a-z]+\\.(?:up|down|online|offline|duplicate|ahead|flooding))`", section("Statistics")))
                .isEqualTo(kinds);
    }

    @Test
    void theStreamHasTheseMessagesAndTopics() {
        String feed =
                read(Path.of("src", "main", "java", "io", "onebox", "controller", "verticle", "StreamTopic.java"));
        Set<String> topics = found("/// `([a-z]+(?:/ID/[a-z]+)?)`:", feed).stream()
                .map(topic -> topic.replace("ID", "{id}"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(topics).hasSize(3);
        assertThat(found("\\| `([a-z]+(?:/\\{id}/[a-z]+)?)` \\|", section("The stream")))
                .isEqualTo(topics);
        assertThat(found("`\\{\"type\":\"([a-z]+)\"", section("The stream")))
                .containsExactlyInAnyOrder("sub", "unsub", "snap", "delta", "gap", "err");
    }
}
