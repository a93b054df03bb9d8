package io.onebox.controller.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What goes from node to node: hints of [Peers], and nothing else.
class EventBusTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern USE = Pattern.compile("\\b(?:bus|eventBus\\(\\))\\s*\\.(?:<\\w+>)?(\\w+)\\(([^;]*);");

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static Stream<String> uses(Path file) {
        try {
            return USE.matcher(Files.readString(file)).results().map(use -> use.group(1) + "(" + use.group(2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everythingElseStaysOnItsNode() throws IOException {
        List<String> uses = sources().stream()
                .filter(file -> !file.endsWith("Peers.java"))
                .flatMap(EventBusTest::uses)
                .toList();

        assertThat(uses)
                .hasSizeGreaterThan(3)
                .allSatisfy(use -> assertThat(use).matches("(?s)localConsumer\\(.*|publish\\(.*HERE\\).*"));
    }

    @Test
    void threeAddressesCrossNodes() throws IOException {
        Path peers = SOURCES.resolve("io/onebox/controller/verticle/Peers.java");

        Set<String> addresses = uses(peers)
                .map(use -> use.replaceFirst("(?s)^\\w+\\(\\s*(\\w+).*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(addresses).isEqualTo(Set.of("CHANGED", "REPORTS", "WATCHED"));
    }
}
