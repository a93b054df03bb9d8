package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Permission;
import io.onebox.controller.auth.Role;
import io.onebox.controller.enrol.Enrolment;
import io.onebox.controller.registry.FleetRefusal;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.EventKind;
import io.onebox.testing.ReferencePage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/reference/api.md` says of permissions, problems, events and the stream what the program says.
class ApiReferenceTest {

    private static final ReferencePage PAGE = ReferencePage.of("api.md");
    private static final String DOCUMENT = read(PAGE.file());
    private static final Path API = Path.of("src", "main", "java", "io", "onebox", "controller", "api");
    private static final JsonObject OPENAPI =
            new JsonObject(Json.object(read(Path.of("src/main/resources/io/onebox/controller/openapi.json")))
                    .orElseThrow());

    /// Only those are refused with it who enrol, for whom it has another status.
    private static final FleetRefusal.Code OF_ENROLMENT = FleetRefusal.Code.TOO_MANY_PENDING;

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

    private static String code(String text) {
        return "`" + text + "`";
    }

    @Test
    void everyRoleMayWhatTheTableSays() throws IOException {
        List<String> head = new ArrayList<>(List.of("permission"));
        Arrays.stream(Role.values()).forEach(role -> head.add(role.spelling()));
        List<List<String>> rows = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            List<String> row = new ArrayList<>(List.of(code(permission.spelling())));
            Arrays.stream(Role.values())
                    .forEach(role -> row.add(role.permissions().contains(permission) ? "yes" : "no"));
            rows.add(row);
        }

        PAGE.hasTable("permissions", head, rows);
    }

    @Test
    void everyOperationIsListed() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        JsonObject paths = OPENAPI.object("paths");
        for (String path : paths.entries().keySet()) {
            JsonObject methods = paths.object(path);
            for (String method : methods.entries().keySet()) {
                JsonObject operation = methods.object(method);
                rows.add(List.of(
                        code(method.toUpperCase(Locale.ROOT) + " " + path),
                        code(operation.textOrDash("x-permission")),
                        operation.textOrDash("summary")));
            }
        }

        PAGE.hasTable("operations", List.of("operation", "permission", "what it does"), rows);
    }

    @Test
    void everyProblemIsListed() throws IOException {
        List<List<String>> rows = problems().stream()
                .map(problem -> List.of(
                        code(problem.textOrDash("code")),
                        String.valueOf(problem.integer("status")),
                        problem.textOrDash("description")))
                .toList();

        PAGE.hasTable("problems", List.of("code", "status", "when"), rows);
    }

    private static List<JsonObject> problems() {
        return OPENAPI.object("components")
                .object("responses")
                .object("Problem")
                .objects("x-problems");
    }

    /// Those that the sources make, and those that come of refusals of the fleet.
    @Test
    void thePublishedProblemsAreThoseTheProgramHas() throws IOException {
        Set<String> made = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            sources.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                String text = read(file);
                Pattern.compile("ApiProblem\\(\\s*(\\d+),\\s*\"([a-z_]+)\"")
                        .matcher(text)
                        .results()
                        .forEach(problem -> made.add(problem.group(1) + " " + problem.group(2)));
            });
        }
        Pattern.compile("case ([A-Z_]+(?:, [A-Z_]+)*) -> (\\d{3});")
                .matcher(read(API.resolve("FleetApi.java")))
                .results()
                .forEach(refusals -> Arrays.stream(refusals.group(1).split(", "))
                        .filter(code -> !code.equals(OF_ENROLMENT.name()))
                        .forEach(code -> made.add(refusals.group(2) + " " + code.toLowerCase(Locale.ROOT))));

        assertThat(problems().stream().map(problem -> problem.integer("status") + " " + problem.text("code")))
                .containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void everyReasonNotToEnrolIsListed() throws IOException {
        Path source = Path.of("src", "main", "java", "io", "onebox", "controller", "enrol", "Enrolment.java");
        List<List<String>> rows = new ArrayList<>();
        for (Enrolment.Reason reason : Enrolment.Reason.values()) {
            rows.add(List.of(
                    code(reason.code()), String.valueOf(reason.status()), ReferencePage.meaning(source, reason)));
        }

        PAGE.hasTable("enrolment", List.of("code", "status", "when"), rows);
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
    void everyEventIsListed() throws IOException {
        Path source = Path.of("..", "shared", "src", "main", "java", "io", "onebox", "shared", "message")
                .resolve("EventKind.java");
        List<List<String>> rows = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            String teller = kind.isOfAgents() ? "agent" : "controller";
            rows.add(List.of(code(kind.spelling()), teller, ReferencePage.meaning(source, kind)));
        }

        PAGE.hasTable("events", List.of("kind", "told by", "meaning"), rows);
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

    @Test
    void theStreamRefusesWithTheseCodes() {
        String socket =
                read(Path.of("src", "main", "java", "io", "onebox", "controller", "verticle", "StreamSocket.java"));

        assertThat(found("\\| `([a-z_]+)` \\|", section("Refusals of the stream")))
                .isEqualTo(found("\\berror\\(id, \"([a-z_]+)\"", socket))
                .hasSizeGreaterThan(2);
    }
}
