package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists come in pages.
class PagesTest {

    private static final Pattern CURSOR = Pattern.compile("After|after|before");

    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void pagesTogetherAreTheListAndNewOnesDisturbNothing() {
        for (int i = 0; i < 5; i++) {
            ask("POST", "/enrol-tokens", "{\"role\":\"client\"}");
        }
        List<String> all = ids(ask("GET", "/enrol-tokens", ""));
        assertThat(all).hasSize(5);

        List<String> paged = new ArrayList<>();
        String next = "";
        do {
            Answer page = ask("GET", "/enrol-tokens?limit=2" + next, "");
            assertThat(ids(page)).hasSizeLessThanOrEqualTo(2);
            paged.addAll(ids(page));
            next = page.json().text("next") == null
                    ? null
                    : "&after=" + URLEncoder.encode(page.json().textOrDash("next"), StandardCharsets.UTF_8);
            ask("POST", "/enrol-tokens", "{\"role\":\"server\"}");
        } while (next != null);

        assertThat(paged).containsExactlyElementsOf(all);
    }

    @Test
    void usersComeInTheOrderOfTheirLogins() {
        Answer first = ask("GET", "/users?limit=3", "");
        Answer second = ask("GET", "/users?limit=3&after=" + first.json().text("next"), "");

        assertThat(first.json().objects("items"))
                .extracting(user -> user.text("login"))
                .containsExactly("admin", "operator", "owner");
        assertThat(second.json().objects("items"))
                .extracting(user -> user.text("login"))
                .containsExactly("viewer");
        assertThat(second.json().text("next")).isNull();
        assertThat(ask("GET", "/users?limit=0", "").status()).isEqualTo(400);
    }

    /// Webhooks are twenty at most.
    @Test
    void everyListOfTheContractHasACursor() throws IOException {
        var contract = new JsonObject(Json.object(new String(
                        Controller.class.getResourceAsStream("openapi.json").readAllBytes(), StandardCharsets.UTF_8))
                .orElseThrow());
        Set<String> without = new TreeSet<>();
        contract.object("paths").entries().forEach((path, _) -> {
            JsonObject get = contract.object("paths").object(path).object("get");
            String name = get.textOrDash("operationId");
            boolean hasCursor = get.objects("parameters").stream()
                    .map(parameter -> parameter.textOrDash("$ref") + parameter.textOrDash("name"))
                    .anyMatch(CURSOR.asPredicate());
            if (name.startsWith("list") && !hasCursor) {
                without.add(name);
            }
        });

        assertThat(without).containsExactly("listWebhooks");
    }

    private static List<String> ids(Answer page) {
        return page.json().objects("items").stream()
                .map(item -> item.textOrDash("id"))
                .toList();
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
    }
}
