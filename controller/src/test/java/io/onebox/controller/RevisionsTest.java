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

/// What an agent was told: shown, compared, taken back.
class RevisionsTest {

    private RunningController controller;
    private String cookie;
    private String server;
    private String client;

    @BeforeEach
    void enrolTwo(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        server = enrol("frankfurt", "{\"role\":\"server\",\"endpoints\":[\"192.0.2.1:51820\"]}");
        client = enrol("van", "{\"role\":\"client\"}");
        ask("PATCH", "/agents/" + server, "{\"endpoints\":[\"192.0.2.2:51820\"]}");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private String enrol(String name, String token) {
        return VirtualAgent.enrol(controller, cookie, token, SigningKey.generate(new SecureRandom()), name);
    }

    private Answer ask(String method, String path, String body) {
        return controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
    }

    @Test
    void saysWhatDiffersBetweenTwoRevisions() {
        JsonObject diff =
                ask("GET", "/agents/" + client + "/revisions/2/diff", "").json();

        assertThat(diff.integer("from")).isEqualTo(1);
        assertThat(diff.objects("changes")).hasSize(1);
        JsonObject change = diff.objects("changes").getFirst();
        assertThat(change.text("path")).isEqualTo("server.endpoints");
        assertThat(change.text("before")).isEqualTo("[\"192.0.2.1:51820\"]");
        assertThat(change.text("after")).isEqualTo("[\"192.0.2.2:51820\"]");
        JsonObject taken =
                ask("GET", "/agents/" + server + "/revisions/1/diff?with=2", "").json();
        assertThat(taken.objects("changes"))
                .as("the client, by its name")
                .extracting(each -> each.text("path"))
                .contains("client[van].public-key");
        assertThat(ask("GET", "/agents/" + client + "/revisions/9/diff", "").status())
                .isEqualTo(404);
    }

    @Test
    void goesBackToWhatWasSet() {
        assertThat(revert(client, 1).status())
                .as("what differs was set at the server")
                .isEqualTo(409);

        assertThat(ask("PATCH", "/agents/" + client, "{\"name\":\"lorry\"}").status())
                .isEqualTo(200);
        ask("DELETE", "/assignments/" + client, "");
        Answer answer = revert(client, 1);

        assertThat(answer.json().text("name")).isEqualTo("van");
        assertThat(answer.json().text("server")).isEqualTo(server);
        JsonObject revisions =
                ask("GET", "/agents/" + client + "/revisions", "").json();
        assertThat(revisions.objects("items").getFirst().text("document"))
                .isEqualTo(revisions.objects("items").get(2).text("document"));
        assertThat(ask("GET", "/audit", "").response().body()).contains("agent.revert");
    }

    @Test
    void showsThemInPages() {
        JsonObject page =
                ask("GET", "/agents/" + client + "/revisions?before=2", "").json();

        assertThat(page.objects("items")).hasSize(1);
        assertThat(page.fields().containsKey("next")).isTrue();
        assertThat(page.integer("next") == null).isTrue();
    }

    private Answer revert(String agent, int revision) {
        return ask("POST", "/agents/" + agent + "/revisions/" + revision + "/revert", "");
    }
}
