package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.store.AuditLog;
import io.onebox.shared.identity.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every write of openapi.json leaves a line that says what was before and what is after.
class AuditTest {

    private static final String OWNER =
            "{\"login\":\"owner\",\"password\":\"%s\"}".formatted(RunningController.PASSWORD);

    /// What leaves nothing to compare: who comes and goes, and passwords.
    private static final Set<String> WITHOUT = Set.of("login", "logout", "user.reset-password");

    private final SecureRandom random = new SecureRandom();
    private final Set<String> done = new TreeSet<>();
    private RunningController controller;
    private List<Operation> writes;
    private String cookie = "";

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = RunningController.withoutUsers(directory);
        Vertx vertx = Vertx.vertx();
        writes = OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json").await().operations().stream()
                .filter(operation -> !operation.getHttpMethod().equals(HttpMethod.GET))
                .toList();
        vertx.close().await();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void everyWriteSaysWhatWasAndWhatIs() {
        setUp();
        users();
        addAndRemove("/api-tokens", "{\"scopes\":[\"agents:read\"]}");
        addAndRemove("/webhooks", "{\"url\":\"https://hook.example/x\"}");
        addAndRemove("/enrol-tokens", "{\"role\":\"client\"}");
        agents();
        assignments();
        write("DELETE", "/session", "");

        assertThat(done)
                .isEqualTo(writes.stream().map(Operation::getOperationId).collect(Collectors.toSet()));
        assertThat(lines()).allSatisfy(line -> {
            if (!WITHOUT.contains(line.action())) {
                assertThat(line.detail()).as(line.action()).matches("(?s).+ -> .+");
            }
        });
        assertThat(detail("user.role")).isEqualTo("role=viewer -> role=admin");
        assertThat(detail("api-token.remove")).isEqualTo("login=owner, scopes=agents:read -> none");
        assertThat(detail("agent.edit")).isEqualTo("name=van -> name=bus");
        assertThat(detail("agent.resync")).isEqualTo("revision=1 -> revision=2");
        assertThat(detail("agent.rekey")).startsWith("key=").endsWith(" -> another is wanted");
    }

    private void setUp() {
        String secret = controller.controller().setUp().make();
        write("POST", "/set-up", "{\"secret\":\"%s\",%s".formatted(secret, OWNER.substring(1)));
        cookie = write("POST", "/session", OWNER)
                .response()
                .headers()
                .firstValue("set-cookie")
                .orElseThrow()
                .replaceFirst(";.*", "");
    }

    private void users() {
        String alice = "{\"login\":\"alice\",\"role\":\"viewer\",\"password\":\"a long password\"}";
        write("POST", "/users", alice);
        write("PATCH", "/users/alice", "{\"role\":\"admin\"}");
        write("POST", "/users/alice/password", "{\"password\":\"another password\"}");
        write("POST", "/session", "{\"login\":\"alice\",\"password\":\"another password\"}");
        String session = ask("GET", "/sessions", "").json().objects("items").stream()
                .filter(each -> "alice".equals(each.text("login")))
                .findFirst()
                .orElseThrow()
                .textOrDash("id");
        write("DELETE", "/sessions/" + session, "");
        write("DELETE", "/users/alice", "");
    }

    private void agents() {
        String agent = enrol("{\"role\":\"client\"}", "van");
        write("POST", agent + "/resync", "");
        write("PATCH", agent, "{\"name\":\"bus\"}");
        write("PUT", agent + "/links/eth0", "{\"role\":\"backup\"}");
        write("DELETE", agent + "/links/eth0", "");
        write("POST", agent + "/revisions/1/revert", "");
        write("POST", agent + "/rekey", "");
        enrol("{\"role\":\"client\"}", "van");
        write("DELETE", agent + "/claim", "");
        enrol("{\"role\":\"client\"}", "van");
        write("POST", agent + "/reclaim", "");
        write("POST", agent + "/disable", "");
        write("POST", agent + "/enable", "");
        write("POST", agent + "/revoke", "");
        write("DELETE", agent, "");
        write("POST", enrol("{\"role\":\"client\",\"approval\":\"manual\"}", "waiting") + "/approve", "");
    }

    private void assignments() {
        enrol("{\"role\":\"server\"}", "paris");
        String client = enrol("{\"role\":\"client\"}", "boat").replace("/agents/", "");
        String server = enrol("{\"role\":\"server\"}", "frankfurt").replace("/agents/", "");
        write("PUT", "/assignments/" + client, "{\"server\":\"%s\"}".formatted(server));
        write("DELETE", "/assignments/" + client, "");
    }

    private String enrol(String terms, String name) {
        return "/agents/" + VirtualAgent.enrol(controller, cookie, terms, SigningKey.generate(random), name);
    }

    private void addAndRemove(String path, String body) {
        write("POST", path, body);
        String id = ask("GET", path, "").json().objects("items").getFirst().textOrDash("id");
        write("DELETE", path + "/" + id, "");
    }

    private String detail(String action) {
        return lines().stream()
                .filter(line -> line.action().equals(action))
                .findFirst()
                .orElseThrow()
                .detail();
    }

    private List<AuditLog.Line> lines() {
        return controller.controller().database().transaction(connection -> AuditLog.before(connection, 1_000));
    }

    /// Asks for a write of the contract, which leaves a line.
    private Answer write(String method, String path, String body) {
        int before = lines().size();
        Answer answer = ask(method, path, body);
        assertThat(lines()).as(method + " " + path).hasSizeGreaterThan(before);
        done.add(writes.stream()
                .filter(operation -> operation.getHttpMethod().name().equals(method)
                        && path.matches(operation.getOpenAPIPath().replaceAll("\\{[a-z]+}", "[^/]+")))
                .findFirst()
                .orElseThrow()
                .getOperationId());
        return answer;
    }

    private Answer ask(String method, String path, String body) {
        Answer answer = controller.ask(method, "/api/v1" + path, body, "cookie", cookie);
        assertThat(answer.status())
                .as(method + " " + path + answer.response().body())
                .isLessThan(300);
        return answer;
    }
}
