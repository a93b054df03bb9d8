package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Role;
import io.onebox.controller.store.AuditLog;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.Decoded;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import io.onebox.testing.Seeded;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

    private static final List<String> FRAMES = List.of(
            MessageCodec.encode(new AgentMessage.Ack(7, "a".repeat(64), ConfigState.APPLIED, "why")),
            MessageCodec.encode(new AgentMessage.Event(EventKind.LINK_DOWN, "eth0", "gone", 3)),
            MessageCodec.encode(new AgentMessage.Hello("0123456789abcdef", "b", "1", 7, "", "c2ln")),
            "{\"type\":\"stats\",\"seconds\":10,\"links\":[{\"name\":\"eth0\",\"state\":\"usable\","
                    + "\"rxBitsPerSecond\":1.5,\"txBitsPerSecond\":2,\"rttMinSeconds\":0.02,\"rttSeconds\":0.03,"
                    + "\"rttMaxSeconds\":0.09,\"jitterSeconds\":0.004,\"lossRatio\":0.01}]}",
            "{\"type\":\"of the future\",\"id\":1}");

    private static final List<String> STREAM_FRAMES = List.of(
            "{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}",
            "{\"type\":\"sub\",\"id\":2,\"topic\":\"agent/0123456789abcdef/live\"}",
            "{\"type\":\"unsub\",\"id\":1}");

    private static final Map<String, String> BODIES = Map.of(
            "POST /api/v1/session",
            "{\"login\":\"nobody\",\"password\":\"a long enough password\"}",
            "POST /api/v1/enrol-tokens",
            "{\"role\":\"server\",\"approval\":\"manual\",\"endpoints\":[\"vpn.example:51820\"],\"uses\":2,"
                    + "\"seconds\":600}",
            "POST /api/v1/api-tokens",
            "{\"scopes\":[\"agents:read\"],\"note\":\"n\",\"days\":3}",
            "PATCH /api/v1/agents/0123456789abcdef",
            "{\"name\":\"van\",\"endpoints\":[]}",
            "PUT /api/v1/assignments/0123456789abcdef",
            "{\"server\":\"0123456789abcdef\"}",
            "POST " + Protocol.ENROL_PATH,
            "{\"tokenId\":\"0011223344556677\",\"identityKey\":\"" + "A".repeat(43)
                    + "=\",\"name\":\"van\",\"nonce\":\"" + "A".repeat(43) + "=\"}");

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
        assertThat(controller.controller().database().<Boolean>transaction(AuditLog::isWhole))
                .isTrue();
    }

    @Seeded(runs = 4)
    void noFrameBreaksTheDecoders(RandomGenerator random) {
        var mutations = new Mutations(random, FRAMES);
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
        var mutations = new Mutations(random, FRAMES);
        int sent = 0;
        while (sent < SENT) {
            try (SocketClient socket = VirtualAgent.connect(controller, KEY, id)) {
                sent += say(socket, mutations, FRAMES_OF_A_SOCKET);
            }
        }
        eventually(
                Duration.ofSeconds(10),
                () -> assertThat(controller.metrics()).contains("onebox_controller_agents_connected 0.0"));
        assertThat(controller.metrics()).contains("onebox_controller_agents_refused_total{code=\"malformed\"}");
    }

    @Seeded(runs = 4)
    void noFrameOfAConsoleEndsMoreThanItsConnection(RandomGenerator random) {
        var mutations = new Mutations(random, STREAM_FRAMES);
        int sent = 0;
        while (sent < SENT) {
            try (SocketClient socket = controller.connect("/api/v1/stream", "onebox.stream.v1", "cookie", cookie)) {
                sent += say(socket, mutations, FRAMES_OF_A_SOCKET / 2);
            }
        }
    }

    /// Says so many frames, or fewer if the other end has had enough.
    ///
    /// @return how many
    private static int say(SocketClient socket, Mutations mutations, int most) {
        int sent = 0;
        boolean isOver = false;
        while (sent < most && !isOver) {
            socket.trySay(mutations.next());
            sent++;
            isOver = sent % 4 == 0 && socket.closeCode(0).isPresent();
        }
        return sent;
    }

    @Seeded(runs = 4)
    void noBodyIsAnsweredWithAFailureOfOurs(RandomGenerator random) {
        List<String> requests = BODIES.keySet().stream().sorted().toList();
        for (int i = 0; i < POSTED; i++) {
            String request = requests.get(random.nextInt(requests.size()));
            String body = new Mutations(random, List.of(BODIES.get(request))).next();
            String[] words = request.split(" ", -1);
            int status =
                    controller.ask(words[0], words[1], body, "cookie", cookie).status();
            assertThat(status).as(request + " " + body).isBetween(200, 499);
        }
    }
}
