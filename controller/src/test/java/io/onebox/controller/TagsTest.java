package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tags, from the token to the list.
class TagsTest {

    private RunningController controller;
    private String cookie;
    private String id;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OPERATOR);
        id = enrol("{\"role\":\"client\",\"tags\":[\"lte\",\"fleet-a\"]}", "van");
        enrol("{\"role\":\"client\"}", "bus");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void anAgentHasTheTagsOfItsToken() {
        assertThat(ask("GET", "/agents/" + id, "").json().texts("tags")).containsExactly("fleet-a", "lte");
        assertThat(ask("GET", "/enrol-tokens", "").json().objects("items"))
                .anySatisfy(token -> assertThat(token.texts("tags")).containsExactly("fleet-a", "lte"));
    }

    @Test
    void tagsAreChangedAndNothingElseIs() {
        assertThat(ask("PATCH", "/agents/" + id, "{\"tags\":[\"attic\"]}")
                        .json()
                        .texts("tags"))
                .containsExactly("attic");
        Answer renamed = ask("PATCH", "/agents/" + id, "{\"name\":\"boat\"}");

        assertThat(renamed.json().texts("tags")).containsExactly("attic");
        assertThat(renamed.json().object("configuration").integer("revision"))
                .as("a tag is no configuration")
                .isEqualTo(1);
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", controller.login(Role.OWNER))
                        .response()
                        .body())
                .contains("tags=[fleet-a, lte]", "tags=[attic]");
    }

    @Test
    void aListIsOfOneTag() {
        assertThat(names("/agents?tag=lte")).containsExactly("van");
        assertThat(names("/agents?tag=attic")).isEmpty();
        assertThat(names("/agents")).containsExactly("bus", "van");
    }

    @Test
    void aTagThatIsNoneIsRefused() {
        Answer refused = ask("PATCH", "/agents/" + id, "{\"tags\":[\"a,b\"]}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().text("detail")).startsWith("a tag has 1 to 32 small letters");
    }

    private List<String> names(String path) {
        return ask("GET", path, "").json().objects("items").stream()
                .map(agent -> agent.textOrDash("name"))
                .toList();
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
    }

    private String enrol(String terms, String name) {
        return VirtualAgent.enrol(controller, cookie, terms, SigningKey.generate(new SecureRandom()), name);
    }
}
