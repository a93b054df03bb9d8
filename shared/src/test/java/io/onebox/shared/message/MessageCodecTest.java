package io.onebox.shared.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.testing.Seeded;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String TUNNEL_KEY = "A".repeat(43) + "=";

    private static final LinkUse USE = new LinkUse(
            "backup",
            true,
            false,
            new LinkUse.Rates(5e6, null),
            new LinkUse.Rates(4e6, 2e7),
            "10.1.1.2",
            "the others are enough");

    private static final LinkStats LINK =
            new LinkStats("eth0", "usable", 8e6, 1e6, new LinkStats.Rtt(0.01, 0.02, 0.03), 0.001, 0.015, USE);

    private final SigningKey root = SigningKey.ofSeed(filled(1));
    private final SigningKey signer = SigningKey.ofSeed(filled(2));
    private final SigningKey agent = SigningKey.ofSeed(filled(3));
    private final Bytes agentNonce = Bytes.of(filled(4));
    private final Bytes nonce = Bytes.of(filled(5));
    private final SignerCertificate certificate =
            SignerCertificate.issue(root, signer.verifyKey(), NOW.minusSeconds(1), NOW.plusSeconds(1000));
    private final Greeting greeting = Greeting.sign(root.verifyKey(), certificate, signer, agentNonce, nonce, NOW);
    private final SignedConfig config =
            SignedConfig.sign("a1", 7, "{\"tunnel\":{}}", root.verifyKey(), certificate, signer);

    @Test
    void readsWhatItWrote() {
        var held = new AgentMessage.Held("0.1", 7, config.hash());
        List<AgentMessage> fromAgent = List.of(
                AgentMessage.Hello.sign(agent, greeting, agentNonce, "a1", "boot", held),
                new AgentMessage.Ack(7, config.hash(), ConfigState.ROLLED_BACK, "no handshake"),
                new AgentMessage.Stats(10, List.of(LINK, new LinkStats("wwan0", "down", 0, 0, null, null, null, null))),
                new AgentMessage.KeysWanted(),
                AgentMessage.Rekey.sign(agent, signer, "a1", "A".repeat(43) + "="),
                new AgentMessage.Event(EventKind.LINK_DOWN, "wwan0", "wwan0 is silent", 3));
        List<ControllerMessage> fromController = List.of(
                new ControllerMessage.Welcome("active"),
                new ControllerMessage.Watch(30),
                new ControllerMessage.Rekey(),
                new ControllerMessage.Rekeyed(agent.verifyKey()),
                new ControllerMessage.Refused("unknown_agent", "who?"));

        assertThat(fromAgent)
                .allSatisfy(message -> assertThat(MessageCodec.agent(MessageCodec.encode(message)))
                        .isEqualTo(new Decoded.Valid<>(message)));
        assertThat(fromController)
                .allSatisfy(message -> assertThat(MessageCodec.controller(MessageCodec.encode(message)))
                        .isEqualTo(new Decoded.Valid<>(message)));
        assertThat(received(new ControllerMessage.Challenge(greeting)))
                .isInstanceOfSatisfying(
                        ControllerMessage.Challenge.class,
                        challenge -> assertThat(challenge
                                        .greeting()
                                        .verify(root.verifyKey().fingerprint(), agentNonce))
                                .isEmpty());
        assertThat(received(new ControllerMessage.Config(config)))
                .isInstanceOfSatisfying(
                        ControllerMessage.Config.class,
                        pushed -> assertThat(pushed.config()
                                        .isFor("a1", root.verifyKey().fingerprint()))
                                .isTrue());
    }

    private static ControllerMessage received(ControllerMessage sent) {
        return switch (MessageCodec.controller(MessageCodec.encode(sent))) {
            case Decoded.Valid<ControllerMessage>(var message) -> message;
            case Decoded.Unknown<ControllerMessage>(var type) -> throw new AssertionError(type);
            case Decoded.Malformed<ControllerMessage>(var problem) -> throw new AssertionError(problem);
        };
    }

    @Test
    void whatItDoesNotKnowIsNotAnError() {
        assertThat(MessageCodec.agent("{\"type\":\"song\"}")).isEqualTo(new Decoded.Unknown<>("song"));
        assertThat(MessageCodec.agent("{}")).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void statisticsOutOfRangeAreNotBelieved() {
        String good = MessageCodec.encode(new AgentMessage.Stats(10, List.of(LINK)));

        assertThat(MessageCodec.agent(good)).isInstanceOf(Decoded.Valid.class);
        assertThat(List.of(
                        good.replace("8000000", "-1"),
                        good.replace("8000000", "1e300"),
                        good.replace("0.015", "1.5"),
                        good.replace("0.03", "61"),
                        good.replace("eth0", "../eth0"),
                        good.replace("eth0", ""),
                        good.replace("\"backup\"", "7"),
                        good.replace("5000000", "-5"),
                        good.replace("the others", "the others".repeat(30)),
                        good.replace("\"seconds\":10", "\"seconds\":0"),
                        good.replace("\"seconds\":10", "\"seconds\":86400")))
                .allSatisfy(
                        text -> assertThat(MessageCodec.agent(text)).as(text).isInstanceOf(Decoded.Malformed.class));
    }

    @Test
    void anAgentThatDoesNotTellHowItUsesItsLinksIsHeard() {
        String use = ",\"use\":" + Json.write(USE.json());
        String old =
                MessageCodec.encode(new AgentMessage.Stats(10, List.of(LINK))).replace(use, "");

        assertThat(old).doesNotContain("use\"");
        assertThat(MessageCodec.agent(old))
                .isInstanceOfSatisfying(
                        Decoded.Valid.class,
                        valid -> assertThat(((AgentMessage.Stats) valid.message())
                                        .links()
                                        .getFirst()
                                        .use())
                                .isNull());
    }

    /// Cuts, swaps and repeats of real messages: nothing throws, and nothing that was changed proves anything.
    @Seeded(runs = 2000)
    void survivesAnythingAndBelievesNothingForged(RandomGenerator random) {
        String text = MessageCodec.encode(new ControllerMessage.Config(config));
        int from = random.nextInt(text.length());
        int to = from + random.nextInt(text.length() - from + 1);
        String hostile = switch (random.nextInt(4)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + (char) random.nextInt(128) + text.substring(Math.min(from + 1, to));
            case 2 -> text.substring(0, to) + text.substring(from);
            default -> text.substring(from, to);
        };

        if (MessageCodec.controller(hostile) instanceof Decoded.Valid<ControllerMessage>(var message)
                && message instanceof ControllerMessage.Config(var read)
                && read.isFor("a1", root.verifyKey().fingerprint())) {
            assertThat(read.document()).isEqualTo(config.document());
            assertThat(read.revision()).isEqualTo(config.revision());
        }
        MessageCodec.agent(hostile);
    }

    @Test
    void aGreetingIsForOneNonceAndOneRoot() {
        var pin = root.verifyKey().fingerprint();

        assertThat(greeting.verify(pin, agentNonce)).isEmpty();
        assertThat(greeting.verify(pin, nonce)).get().extracting("code").isEqualTo("pin_mismatch");
        assertThat(greeting.verify(agent.verifyKey().fingerprint(), agentNonce))
                .get()
                .extracting("code")
                .isEqualTo("pin_mismatch");
    }

    @Test
    void aSignerOutOfDateGreetsNobody() {
        Greeting late = Greeting.sign(root.verifyKey(), certificate, signer, agentNonce, nonce, certificate.until());

        assertThat(late.verify(root.verifyKey().fingerprint(), agentNonce)).isPresent();
    }

    @Test
    void aConfigurationIsForOneAgent() {
        assertThat(config.isFor("a2", root.verifyKey().fingerprint())).isFalse();
        assertThat(config.isFor("a1", signer.verifyKey().fingerprint())).isFalse();
    }

    @Test
    void aHelloIsForOneConnection() {
        var held = new AgentMessage.Held("0.1", 0, "");
        var hello = AgentMessage.Hello.sign(agent, greeting, agentNonce, "a1", "boot", held);

        assertThat(hello.isSignedBy(agent.verifyKey(), root.verifyKey(), nonce, agentNonce))
                .isTrue();
        assertThat(hello.isSignedBy(agent.verifyKey(), root.verifyKey(), agentNonce, agentNonce))
                .isFalse();
        assertThat(hello.isSignedBy(signer.verifyKey(), root.verifyKey(), nonce, agentNonce))
                .isFalse();
    }

    @Test
    void anEnrolmentIsProvedByTokenAndKey() {
        var token = new EnrolmentToken(
                AgentRole.CLIENT,
                false,
                Bytes.of(new byte[EnrolmentToken.ID_LENGTH]),
                Bytes.of(new byte[EnrolmentToken.SECRET_LENGTH]),
                root.verifyKey().fingerprint(),
                List.of(URI.create("https://c.example")));
        var applicant = new EnrolRequest.Applicant(agent.verifyKey(), TUNNEL_KEY, "van", "linux amd64", "0.1");
        EnrolRequest request = EnrolRequest.sign(token, agent, applicant, agentNonce, greeting);

        EnrolRequest read = EnrolRequest.parse(json(Json.write(request.json()))).orElseThrow();

        assertThat(read.agent()).isEqualTo(applicant);
        assertThat(read.isProvedBy(token.verifier(), root.verifyKey())).isTrue();
        assertThat(read.isSigned(root.verifyKey())).isTrue();
        assertThat(read.isProvedBy(Bytes.of(filled(9)), root.verifyKey())).isFalse();
        String renamed = Json.write(request.json()).replace("\"van\"", "\"bus\"");
        EnrolRequest forged = EnrolRequest.parse(json(renamed)).orElseThrow();
        assertThat(forged.isProvedBy(token.verifier(), root.verifyKey())).isFalse();
        assertThat(forged.isSigned(root.verifyKey())).isFalse();
        assertThat(EnrolRequest.parse(json(renamed.replace("\"bus\"", "\"<b>\""))))
                .isEmpty();
    }

    private static JsonObject json(String text) {
        return new JsonObject(Json.object(text).orElseThrow());
    }

    private static byte[] filled(int value) {
        var bytes = new byte[VerifyKey.LENGTH];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
