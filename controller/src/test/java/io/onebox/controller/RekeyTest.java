package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.MessageCodec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent gets new keys.
class RekeyTest {

    private final SecureRandom random = new SecureRandom();
    private final SigningKey first = SigningKey.generate(random);
    private final SigningKey next = SigningKey.generate(random);
    private final String tunnelKey = Bytes.random(random, VerifyKey.LENGTH).toString();
    private RunningController controller;
    private String cookie;
    private String id;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OPERATOR);
        enrol("server", SigningKey.generate(random), "frankfurt");
        id = enrol("client", first, "van").json().textOrDash("agentId");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void newKeysCountWhenTheAgentHasProvedThem() {
        SocketClient agent = VirtualAgent.connect(controller, first, id);
        agent.next("config");
        assertThat(rekey().status()).isEqualTo(200);
        agent.next("rekey");

        say(agent, AgentMessage.Rekey.sign(first, next, id, tunnelKey));

        assertThat(agent.next("rekeyed").text("identityKey"))
                .isEqualTo(next.verifyKey().toString());
        assertThat(agent.next("config").textOrDash("document")).contains(tunnelKey);
        assertThat(revision("frankfurt").textOrDash("document")).contains(tunnelKey);
        VirtualAgent.connect(controller, next, id).close();
    }

    @Test
    void anAgentMayAskForThemItselfButNotAllTheTime() {
        SocketClient agent = VirtualAgent.connect(controller, first, id);
        say(agent, new AgentMessage.KeysWanted());
        agent.next("rekey");
        say(agent, AgentMessage.Rekey.sign(first, next, id, tunnelKey));
        agent.next("rekeyed");

        say(agent, new AgentMessage.KeysWanted());
        say(agent, AgentMessage.Rekey.sign(next, SigningKey.generate(random), id, tunnelKey));
        awaitSaid(agent);
        rekey();

        agent.next("rekey");
        assertThat(controller
                        .ask("GET", "/api/v1/audit", "", "cookie", controller.login(Role.OWNER))
                        .response()
                        .body())
                .contains("agent:van")
                .containsOnlyOnce("agent.rekeyed");
    }

    /// Two machines have the keys; one of them gets others, and uses them.
    @Test
    void aCopyIsLetInNoMore() {
        SocketClient agent = VirtualAgent.connect(controller, first, id);
        say(agent, new AgentMessage.KeysWanted());
        agent.next("rekey");
        say(agent, AgentMessage.Rekey.sign(first, next, id, tunnelKey));
        agent.next("rekeyed");
        SocketClient copy = VirtualAgent.connect(controller, first, id, "the copy");
        assertThat(copy.closeCode(0)).as("until the new ones are used").isEmpty();

        VirtualAgent.connect(controller, next, id).close();

        assertThat(VirtualAgent.greet(controller, first, id, "the copy")
                        .next("refused")
                        .text("code"))
                .isEqualTo("unknown_agent");
    }

    @Test
    void whoIsAwayIsAskedOnItsReturn() {
        rekey();

        VirtualAgent.connect(controller, first, id).next("rekey");
    }

    @Test
    void whoMissedTheAnswerIsToldAgain() {
        rekey();
        SocketClient agent = VirtualAgent.connect(controller, first, id);
        say(agent, AgentMessage.Rekey.sign(first, next, id, tunnelKey));
        agent.next("rekeyed");

        SocketClient again = VirtualAgent.connect(controller, first, id);

        assertThat(again.next("rekeyed").text("identityKey"))
                .isEqualTo(next.verifyKey().toString());
    }

    @Test
    void keysThatNobodyAskedForOrThatAreNotProvedChangeNothing() {
        SocketClient agent = VirtualAgent.connect(controller, first, id);
        say(agent, AgentMessage.Rekey.sign(first, next, id, tunnelKey));
        say(agent, new AgentMessage.KeysWanted());
        agent.next("rekey");
        var stolen = AgentMessage.Rekey.sign(first, SigningKey.generate(random), id, tunnelKey);
        say(agent, new AgentMessage.Rekey(next.verifyKey(), tunnelKey, stolen.signature(), stolen.proof()));
        say(agent, AgentMessage.Rekey.sign(next, first, id, tunnelKey));
        SigningKey last = SigningKey.generate(random);
        say(agent, AgentMessage.Rekey.sign(first, last, id, tunnelKey));

        assertThat(agent.next("rekeyed").text("identityKey"))
                .as("the one that was asked for and proved")
                .isEqualTo(last.verifyKey().toString());
    }

    /// Until the controller is done with what was said: messages of an agent are taken in order.
    private void awaitSaid(SocketClient agent) {
        JsonObject newest = revision("van");
        long number = Objects.requireNonNull(newest.integer("revision"));
        say(agent, new AgentMessage.Ack(number, newest.textOrDash("hash"), ConfigState.APPLIED, ""));
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(revision("van").text("state")).isEqualTo("applied"));
    }

    private Answer rekey() {
        return controller.ask("POST", "/api/v1/agents/" + id + "/rekey", "", "cookie", cookie);
    }

    private JsonObject revision(String name) {
        String path = controller.ask("GET", "/api/v1/agents", "", "cookie", cookie).json().objects("items").stream()
                .filter(agent -> name.equals(agent.text("name")))
                .map(agent -> "/api/v1/agents/" + agent.text("id") + "/revisions")
                .findFirst()
                .orElseThrow();
        return controller
                .ask("GET", path, "", "cookie", cookie)
                .json()
                .objects("items")
                .getFirst();
    }

    private Answer enrol(String role, SigningKey key, String name) {
        EnrolmentToken token = VirtualAgent.token(controller, cookie, "{\"role\":\"%s\"}".formatted(role));
        return VirtualAgent.enrol(controller, token, key, name);
    }

    private static void say(SocketClient agent, AgentMessage message) {
        agent.say(MessageCodec.encode(message));
    }
}
