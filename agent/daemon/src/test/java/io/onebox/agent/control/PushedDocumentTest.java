package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.ConfigError;
import io.onebox.shared.config.LinkConfig;
import io.onebox.shared.config.LinkRole;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.SignedConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushedDocumentTest {

    private static final String DOCUMENT = """
            {"control":{"enabled":true,"confirm-seconds":30},
             "server":{"endpoints":["192.0.2.1:51820"],"public-key":"%s"},
             "tunnel":{"addresses":["10.77.0.2/32"]}}""".formatted("A".repeat(43) + "=");

    private final SecureRandom random = new SecureRandom();
    private final SigningKey root = SigningKey.generate(random);
    private final SigningKey signer = SigningKey.generate(random);

    @TempDir
    private Path directory;

    private ControlFiles files;
    private ControlFiles.Enrolment enrolment;

    @BeforeEach
    void enrol() {
        files = ControlFiles.of(directory, "client");
        enrolment = new ControlFiles.Enrolment(
                "a1", root.verifyKey().fingerprint(), false, List.of(URI.create("https://c.example:8443")));
        files.tunnelPublicKey(random);
    }

    @Test
    void liesOverTheFileOfThisMachine() {
        PushedDocument pushed = PushedDocument.read(signed("a1", 1, DOCUMENT)).orElseThrow();

        Loaded<TomlDocument> whole = pushed.over(
                local("[tunnel]\ninterface = \"box7\"\naddresses = [\"10.0.0.1/32\"]\n"), files.tunnelKey());

        ClientConfig config = ((Loaded.Valid<ClientConfig>)
                        ClientConfig.read(((Loaded.Valid<TomlDocument>) whole).config()))
                .config();
        assertThat(config.tunnel().interfaceName()).isEqualTo("box7");
        assertThat(config.tunnel().addresses()).hasToString("[10.77.0.2/32]");
        assertThat(config.identity().privateKeyFile()).isEqualTo(files.tunnelKey());
    }

    @Test
    void settingsOfALinkCountBeforeThoseOfTheFile() {
        String links = "\"link\":[{\"interface\":\"wwan0\",\"role\":\"backup\",\"download\":\"2.5Mbit/s\"}]}";
        PushedDocument pushed = PushedDocument.read(signed("a1", 1, DOCUMENT.replaceFirst("}\\z", "," + links)))
                .orElseThrow();

        Loaded<TomlDocument> whole = pushed.over(local("""
                        [[link]]
                        interface = "wwan0"
                        metered = true

                        [[link]]
                        interface = "eth0"
                        role = "secondary"
                        """), files.tunnelKey());

        ClientConfig config = ((Loaded.Valid<ClientConfig>)
                        ClientConfig.read(((Loaded.Valid<TomlDocument>) whole).config()))
                .config();
        assertThat(config.link("wwan0"))
                .as("the whole of them, not key by key")
                .isEqualTo(new LinkConfig("wwan0", LinkRole.BACKUP, false, LinkConfig.NO_LIMIT, 312_500));
        assertThat(config.link("eth0").role()).isEqualTo(LinkRole.SECONDARY);
    }

    @Test
    void isNotMixedWithAServerOfTheFile() {
        PushedDocument pushed = PushedDocument.read(signed("a1", 1, DOCUMENT)).orElseThrow();

        Loaded<TomlDocument> whole = pushed.over(local("\n[server]\nendpoints = []\n"), files.tunnelKey());

        assertThat(((Loaded.Invalid<TomlDocument>) whole).errors())
                .extracting(ConfigError::toString)
                .singleElement()
                .asString()
                .contains("client.toml:2: server: is set by the controller");
    }

    @Test
    void whatIsNoDocumentIsNone() {
        for (String text : List.of("", "[]", "{}", "{\"tunnel\":{}}")) {
            assertThat(PushedDocument.read(signed("a1", 1, text))).isEmpty();
        }
        assertThat(PushedDocument.read(signed("a1", 1, "{\"control\":{}}"))
                        .orElseThrow()
                        .isEnabled())
                .as("carries nothing unless told to")
                .isFalse();
    }

    @Test
    void onlyWhatIsWholeAndOursIsTakenFromTheDisk() throws Exception {
        files.enrolled(enrolment);
        files.good(signed("a1", 7, DOCUMENT), Optional.empty());
        assertThat(files.enrolment()).contains(enrolment);
        assertThat(files.lastGood(enrolment)).map(SignedConfig::revision).contains(7L);

        Path kept = files.directory().resolve("config.json");
        String text = Files.readString(kept);
        Files.writeString(kept, text.replace("192.0.2.1", "192.0.2.9"));
        assertThat(files.lastGood(enrolment)).isEmpty();
        Files.writeString(kept, text.substring(0, text.length() / 2));
        assertThat(files.lastGood(enrolment)).isEmpty();
        files.good(signed("a2", 7, DOCUMENT), Optional.empty());
        assertThat(files.lastGood(enrolment)).isEmpty();
    }

    @Test
    void keysAreMadeOnceAndForgottenWithTheController() {
        Bytes key = Bytes.of(files.identity(random).seed());
        files.enrolled(enrolment);

        assertThat(Bytes.of(files.identity(random).seed())).isEqualTo(key);
        assertThat(files.isEnrolled()).isTrue();
        files.forget();
        assertThat(files.isEnrolled()).isFalse();
        assertThat(Bytes.of(files.identity(random).seed())).isNotEqualTo(key);
    }

    @Test
    void newKeysReplaceTheOldOnesOnceTheyCount() {
        files.enrolled(enrolment);
        var keys = new RotatingKeys(files, "a1", random);
        VerifyKey before = keys.identity().verifyKey();
        String first = files.tunnelPublicKey(random);

        AgentMessage.Rekey said = keys.next().orElseThrow();

        assertThat(keys.next().map(AgentMessage.Rekey::identityKey))
                .as("asked twice, it says the same")
                .contains(said.identityKey());
        assertThat(said.tunnelKey()).isNotEqualTo(first);
        assertThat(keys.identity().verifyKey())
                .as("until the controller says so")
                .isEqualTo(before);
        keys.confirmed(before);
        assertThat(keys.identity().verifyKey()).isEqualTo(before);
        keys.confirmed(said.identityKey());
        assertThat(keys.identity().verifyKey()).isEqualTo(said.identityKey());
        assertThat(new RotatingKeys(files, "a1", random).identity().verifyKey()).isEqualTo(said.identityKey());
    }

    @Test
    void theOldKeyOfTheDataPlaneStaysUntilTheConfigurationWithTheNewOneIsGood() {
        var keys = new RotatingKeys(files, "a1", random);
        Path first = files.tunnelKey(Optional.of(files.tunnelPublicKey(random)));
        String next = keys.next().orElseThrow().tunnelKey();
        SignedConfig old = signed("a1", 7, DOCUMENT);
        String text = DOCUMENT.replaceFirst("\\{", "{\"identity\":{\"public-key\":\"" + next + "\"},");
        SignedConfig config = signed("a1", 8, text);

        files.good(old, Optional.empty());
        assertThat(first).exists();
        files.good(config, Optional.of(old));

        assertThat(first).doesNotExist();
        assertThat(files.tunnelKey(PushedDocument.read(config).orElseThrow().tunnelKey()))
                .exists();
        assertThatThrownBy(() -> files.tunnelKey(Optional.of("A".repeat(43) + "=")))
                .hasMessageContaining("does not have the private key");
        files.forget();
        assertThat(files.directory()).isEmptyDirectory();
    }

    private TomlDocument local(String toml) {
        return ((Loaded.Valid<TomlDocument>) TomlDocument.parse(directory.resolve("client.toml"), toml)).config();
    }

    private SignedConfig signed(String agentId, long revision, String document) {
        Instant from = Instant.ofEpochSecond(0);
        SignerCertificate certificate =
                SignerCertificate.issue(root, signer.verifyKey(), from, from.plusSeconds(4_000_000_000L));
        return SignedConfig.sign(agentId, revision, document, root.verifyKey(), certificate, signer);
    }
}
