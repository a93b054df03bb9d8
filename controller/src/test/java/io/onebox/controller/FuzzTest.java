package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.controller.store.AuditLog;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.Decoded;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.MessageCodec;
import io.onebox.testing.Seeded;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frames and bodies that are nearly right, from seeds. `-Donebox.fuzz=4` makes four times as many, as `bin/test --all`
/// does: a million frames for the decoders in four seeds.
class FuzzTest {

    private static final int TIMES = Integer.getInteger("onebox.fuzz", 1);
    private static final int DECODED = 62_500 * TIMES;
    private static final int SENT = 65 * TIMES;
    private static final int POSTED = 125 * TIMES;

    /// Less than an agent may say at once.
    private static final int FRAMES_OF_A_SOCKET = 100;

    private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

    private static RunningController controller;
    private static String cookie;
    private static String id;

    @BeforeAll
    static void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
        id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", KEY, "fuzz");
    }

    @AfterAll
    static void stop() {
        controller.close();
    }

    /// It is well, and what it wrote is whole.
    @AfterEach
    void answersAsBefore() {
        assertThat(controller.ask("GET", "/health/ready", "").status()).isEqualTo(200);
        assertThat(controller.ask("GET", "/api/v1/agents", "", "cookie", cookie).status())
                .isEqualTo(200);
        assertThat(AuditLog.isWhole(controller.controller().database())).isTrue();
    }

    /// So that a new operation or message is spoiled, too.
    @Test
    void everythingThatIsWrittenIsSpoiled() {
        Set<String> bodies = ContractRequests.operations().stream()
                .filter(operation -> operation.getRequestBody() != null)
                .map(operation -> operation.getHttpMethod() + " " + operation.getAbsoluteOpenAPIPath())
                .collect(Collectors.toSet());
        Set<String> spoiled =
                Corpus.BODIES.keySet().stream().map(FuzzTest::template).collect(Collectors.toSet());
        Set<Class<?>> messages = Corpus.FRAMES.stream()
                .map(MessageCodec::agent)
                .filter(Decoded.Valid.class::isInstance)
                .map(decoded ->
                        ((Decoded.Valid<AgentMessage>) decoded).message().getClass())
                .collect(Collectors.toSet());

        assertThat(spoiled).containsAll(bodies);
        assertThat(messages).containsExactlyInAnyOrder(AgentMessage.class.getPermittedSubclasses());
    }

    private static String template(String request) {
        return request.replace("/links/eth0", "/links/{interface}")
                .replaceFirst("/users/nobody", "/users/{login}")
                .replaceFirst("/agents/0123456789abcdef", "/agents/{id}")
                .replaceFirst("/assignments/0123456789abcdef", "/assignments/{client}");
    }

    @Seeded(runs = 4)
    void noFrameBreaksTheDecoders(RandomGenerator random) {
        var mutations = new Mutations(random, Corpus.FRAMES);
        int valid = 0;
        for (int i = 0; i < DECODED; i++) {
            String frame = mutations.next();
            if (MessageCodec.agent(frame) instanceof Decoded.Valid<AgentMessage>(AgentMessage message)) {
                valid++;
                assertThat(MessageCodec.agent(MessageCodec.encode(message)))
                        .as("what was read of " + frame + " can be written and read again")
                        .isInstanceOf(Decoded.Valid.class);
            }
            MessageCodec.controller(frame);
            var _ = Json.object(frame).map(JsonObject::new).flatMap(EnrolRequest::parse);
        }
        assertThat(valid).as("valid ones among them").isBetween(DECODED / 1_000, DECODED / 2);
    }

    /// Each connection says so many frames, or until it is refused.
    @Seeded(runs = 4)
    void noFrameOfAnAgentEndsMoreThanItsConnection(RandomGenerator random) {
        var fuzzer = new Fuzzer(controller, cookie, random);
        int sent = 0;
        while (sent < SENT) {
            try (SocketClient socket = VirtualAgent.connect(controller, KEY, id)) {
                sent += fuzzer.say(socket, Corpus.FRAMES, FRAMES_OF_A_SOCKET);
            }
        }
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(controller.metrics()).contains("onebox_controller_agents_connected 0.0"));
        assertThat(controller.metrics()).contains("onebox_controller_agents_refused_total{code=\"malformed\"}");
    }

    @Seeded(runs = 4)
    void noFrameOfAConsoleEndsMoreThanItsConnection(RandomGenerator random) {
        var fuzzer = new Fuzzer(controller, cookie, random);
        int sent = 0;
        while (sent < SENT) {
            try (SocketClient socket = controller.connect("/api/v1/stream", "onebox.stream.v1", "cookie", cookie)) {
                sent += fuzzer.say(socket, Corpus.STREAM_FRAMES, FRAMES_OF_A_SOCKET / 2);
            }
        }
    }

    @Seeded(runs = 4)
    void noBodyIsAnsweredWithAFailureOfOurs(RandomGenerator random) {
        var fuzzer = new Fuzzer(controller, cookie, random);
        for (int i = 0; i < POSTED; i++) {
            fuzzer.post();
        }
    }
}
