package io.onebox.shared.message;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.Fingerprint;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.Transcript;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A whole configuration for one agent, signed. It proves itself without the controller, so that an agent can check
/// what it kept at its next start.
///
/// @param agentId whose it is: signed with it, so that no agent takes another's
/// @param revision grows with every change
/// @param document JSON, byte for byte as it was signed
/// @param root whose signer this is
/// @param signer vouched for by the root
/// @param signature of the signer
public record SignedConfig(
        String agentId, long revision, String document, VerifyKey root, SignerCertificate signer, Bytes signature) {

    private static final String PURPOSE = "onebox-config-1";

    /// Signs a document.
    public static SignedConfig sign(
            String agentId, long revision, String document, VerifyKey root, SignerCertificate signer, SigningKey key) {
        Bytes signature = key.sign(transcript(agentId, revision, document));
        return new SignedConfig(agentId, revision, document, root, signer, signature);
    }

    /// Whether it is for this agent and comes from the controller that was pinned.
    public boolean isFor(String wantedAgent, Fingerprint pin) {
        return agentId.equals(wantedAgent)
                && root.fingerprint().equals(pin)
                && signer.isOf(root)
                && signer.key().verifies(transcript(agentId, revision, document), signature);
    }

    /// SHA-256 of the document, in hexadecimal: what two ends compare.
    public String hash() {
        return hash(document);
    }

    /// SHA-256 of a document, in hexadecimal.
    public static String hash(String document) {
        return Digests.sha256(document.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /// Reads [#json].
    public static Optional<SignedConfig> parse(JsonObject json) {
        String agentId = json.text("agentId");
        Long revision = json.integer("revision");
        String document = json.text("document");
        Optional<VerifyKey> root = Optional.ofNullable(json.text("root")).flatMap(VerifyKey::parse);
        Optional<SignerCertificate> signer = SignerCertificate.parse(json.object("signer"));
        Optional<Bytes> signature = Optional.ofNullable(json.text("signature"))
                .flatMap(text -> Bytes.parse(text, VerifyKey.SIGNATURE_LENGTH));
        if (agentId == null || revision == null || revision < 1 || document == null) {
            return Optional.empty();
        }
        if (root.isEmpty() || signer.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SignedConfig(agentId, revision, document, root.get(), signer.get(), signature.get()));
    }

    /// As it travels and as it is kept.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("agentId", agentId);
        json.put("revision", revision);
        json.put("document", document);
        json.put("root", root.toString());
        json.put("signer", signer.json());
        json.put("signature", signature.toString());
        return json;
    }

    private static byte[] transcript(String agentId, long revision, String document) {
        return Transcript.of(PURPOSE).add(agentId).add(revision).add(document).bytes();
    }
}
