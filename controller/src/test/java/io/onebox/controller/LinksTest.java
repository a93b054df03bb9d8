package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a client uses its links, from the API to its configuration.
class LinksTest {

    private static final String LTE = "{\"interface\":\"wwan0\",\"role\":\"backup\",\"metered\":true,"
            + "\"upload\":\"auto\",\"download\":\"20Mbit/s\"}";

    private RunningController controller;
    private String cookie;
    private String server;
    private String client;

    @BeforeEach
    void enrolTwo(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OPERATOR);
        server = enrol("frankfurt", "{\"role\":\"server\",\"endpoints\":[\"192.0.2.1:51820\"]}");
        client = enrol("van", "{\"role\":\"client\"}");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void settingsOfALinkAreShownAndPushed() {
        assertThat(document(client)).doesNotContain("\"link\"");

        Answer set = set(client, "wwan0", "{\"role\":\"backup\",\"metered\":true,\"download\":\"20Mbit/s\"}");

        assertThat(set.status()).isEqualTo(200);
        assertThat(set.response().body()).contains("\"links\":[" + LTE + "]");
        assertThat(document(client)).contains("\"link\":[" + LTE + "]");
        assertThat(document(server)).doesNotContain("wwan0");
        set(client, "eth0", "{\"upload\":\"2.5Mbit/s\"}");
        set(client, "wwan0", "{\"role\":\"never\"}");
        assertThat(ask("GET", "/agents/" + client, "").json().objects("links"))
                .extracting(link -> link.text("interface") + " " + link.text("role") + " " + link.text("upload"))
                .containsExactly("eth0 always 2.5Mbit/s", "wwan0 never auto");
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", controller.login(Role.OWNER))
                        .response()
                        .body())
                .contains("link.set", "role=never");
    }

    @Test
    void aLinkGoesBackToTheFileOfTheAgent() {
        set(client, "wwan0", "{\"role\":\"backup\"}");

        assertThat(unset(client, "wwan0").json().objects("links")).isEmpty();
        assertThat(document(client)).doesNotContain("\"link\"");
        assertThat(unset(client, "wwan0").status()).isEqualTo(404);
    }

    @Test
    void aRevisionKnowsTheLinksOfItsTime() {
        set(client, "wwan0", "{\"role\":\"backup\",\"metered\":true,\"download\":\"20Mbit/s\"}");
        long revision = newest(client).integer("revision");
        set(client, "wwan0", "{\"role\":\"never\"}");

        Answer reverted = ask("POST", "/agents/" + client + "/revisions/" + revision + "/revert", "");

        assertThat(reverted.response().body()).contains("\"links\":[" + LTE + "]");
        assertThat(ask("POST", "/agents/" + client + "/revisions/1/revert", "")
                        .json()
                        .objects("links"))
                .as("there were none")
                .isEmpty();
    }

    @Test
    void whatIsNoSettingIsRefusedInASentence() {
        Answer cap = set(client, "wwan0", "{\"download\":\"much\"}");

        assertThat(cap.status()).isEqualTo(400);
        assertThat(cap.json().text("detail"))
                .startsWith("download must be \"auto\" or a rate between 8kbit/s and 100Gbit/s")
                .endsWith("was 'much'");
        assertThat(set(client, "wwan0", "{\"role\":\"sometimes\"}").status()).isEqualTo(400);
        assertThat(set(client, "a-name-of-sixteen", "{}").status()).isEqualTo(400);
        assertThat(set(server, "wwan0", "{}").json().text("detail")).isEqualTo("frankfurt is not a client");
    }

    @Test
    void thereIsABoundAndWhoLooksOnChangesNothing() {
        for (int i = 0; i < 32; i++) {
            assertThat(set(client, "eth" + i, "{}").status()).isEqualTo(200);
        }

        assertThat(set(client, "eth32", "{}").status()).isEqualTo(409);
        assertThat(set(client, "eth31", "{\"role\":\"backup\"}").status()).isEqualTo(200);
        String viewer = controller.login(Role.VIEWER);
        String path = "/api/v1/agents/" + client + "/links/eth0";
        assertThat(controller.ask("PUT", path, "{}", "cookie", viewer).status()).isEqualTo(403);
    }

    private Answer set(String agent, String link, String settings) {
        return ask("PUT", "/agents/" + agent + "/links/" + link, settings);
    }

    private Answer unset(String agent, String link) {
        return ask("DELETE", "/agents/" + agent + "/links/" + link, "");
    }

    private String document(String agent) {
        return newest(agent).textOrDash("document");
    }

    private JsonObject newest(String agent) {
        return ask("GET", "/agents/" + agent, "").json().object("configuration");
    }

    private String enrol(String name, String token) {
        return VirtualAgent.enrol(controller, cookie, token, SigningKey.generate(new SecureRandom()), name);
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
    }
}
