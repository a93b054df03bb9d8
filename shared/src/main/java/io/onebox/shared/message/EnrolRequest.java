package io.onebox.shared.message;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.Transcript;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An agent asks to be let in: who it is, proof that it has the token's secret, proof that it has its key. Neither
/// secret travels.
///
/// @param tokenId public id of the token
/// @param agent who it is and what it says of itself
/// @param agentNonce of the hello
/// @param controllerNonce of the hello
/// @param tagging which tags it is to have if it is known already
/// @param proof HMAC over the transcript with the token's verifier
/// @param signature over the transcript with the identity key
public record EnrolRequest(
        String tokenId,
        Applicant agent,
        Bytes agentNonce,
        Bytes controllerNonce,
        Tagging tagging,
        Bytes proof,
        Bytes signature) {

    private static final String PURPOSE = "onebox-enrol-1";
    private static final String TAGS_OF_TOKEN = "applyTokenTags";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");
    private static final Pattern FACT = Pattern.compile("[\\x20-\\x7e]{0,100}");
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{16}");

    /// Which tags an agent is to have that enrols again.
    public enum Tagging {
        /// Those it has.
        AS_IT_IS,
        /// Those of the token, in place of those it has.
        OF_TOKEN
    }

    /// What an agent says of itself.
    ///
    /// @param identityKey its name for ever
    /// @param tunnelKey public key of its data plane, in base64
    /// @param name for people
    /// @param system operating system and architecture
    /// @param version of the agent
    public record Applicant(VerifyKey identityKey, String tunnelKey, String name, String system, String version) {

        /// Whether all of it is of the form it should have.
        boolean isWellFormed() {
            return isName(name)
                    && FACT.matcher(system).matches()
                    && FACT.matcher(version).matches()
                    && Bytes.parse(tunnelKey, VerifyKey.LENGTH)
                            .map(Bytes::toString)
                            .filter(tunnelKey::equals)
                            .isPresent();
        }
    }

    /// Whether an agent may have this name.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Answers a greeting that was verified.
    public static EnrolRequest sign(
            EnrolmentToken token, SigningKey key, Applicant agent, Bytes agentNonce, Greeting greeting) {
        return sign(token, key, agent, agentNonce, greeting, Tagging.AS_IT_IS);
    }

    /// Answers a greeting that was verified, and asks for tags.
    public static EnrolRequest sign(
            EnrolmentToken token,
            SigningKey key,
            Applicant agent,
            Bytes agentNonce,
            Greeting greeting,
            Tagging tagging) {
        byte[] transcript = transcript(token.id(), greeting.root(), agent, agentNonce, greeting.nonce(), tagging);
        return new EnrolRequest(
                token.id(),
                agent,
                agentNonce,
                greeting.nonce(),
                tagging,
                Digests.hmac(token.verifier(), transcript),
                key.sign(transcript));
    }

    /// Whether it was made with the secret of this verifier; in constant time.
    public boolean isProvedBy(Bytes verifier, VerifyKey root) {
        return proof.equals(Digests.hmac(verifier, transcript(root)));
    }

    /// Whether it was made with the identity key it names.
    public boolean isSigned(VerifyKey root) {
        return agent.identityKey().verifies(transcript(root), signature);
    }

    /// Reads [#json]; empty unless everything has the form it should have.
    public static Optional<EnrolRequest> parse(JsonObject json) {
        for (String field : List.of("tokenId", "identityKey", "tunnelKey", "name", "system", "version")) {
            if (json.text(field) == null) {
                return Optional.empty();
            }
        }
        Optional<Bytes> agentNonce = bytes(json, "agentNonce", Protocol.NONCE_LENGTH);
        Optional<Bytes> controllerNonce = bytes(json, "controllerNonce", Protocol.NONCE_LENGTH);
        Optional<Bytes> proof = bytes(json, "proof", Digests.LENGTH);
        Optional<Bytes> signature = bytes(json, "signature", VerifyKey.SIGNATURE_LENGTH);
        if (agentNonce.isEmpty() || controllerNonce.isEmpty() || proof.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return VerifyKey.parse(json.textOrDash("identityKey"))
                .map(key -> new Applicant(
                        key,
                        json.textOrDash("tunnelKey"),
                        json.textOrDash("name"),
                        json.textOrDash("system"),
                        json.textOrDash("version")))
                .filter(Applicant::isWellFormed)
                .filter(_ -> TOKEN_ID.matcher(json.textOrDash("tokenId")).matches())
                .map(agent -> new EnrolRequest(
                        json.textOrDash("tokenId"),
                        agent,
                        agentNonce.get(),
                        controllerNonce.get(),
                        json.isTrue(TAGS_OF_TOKEN) ? Tagging.OF_TOKEN : Tagging.AS_IT_IS,
                        proof.get(),
                        signature.get()));
    }

    /// As it travels.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokenId", tokenId);
        json.put("identityKey", agent.identityKey().toString());
        json.put("tunnelKey", agent.tunnelKey());
        json.put("name", agent.name());
        json.put("system", agent.system());
        json.put("version", agent.version());
        json.put("agentNonce", agentNonce.toString());
        json.put("controllerNonce", controllerNonce.toString());
        if (tagging == Tagging.OF_TOKEN) {
            json.put(TAGS_OF_TOKEN, true);
        }
        json.put("proof", proof.toString());
        json.put("signature", signature.toString());
        return json;
    }

    private byte[] transcript(VerifyKey root) {
        return transcript(tokenId, root, agent, agentNonce, controllerNonce, tagging);
    }

    private static byte[] transcript(
            String tokenId, VerifyKey root, Applicant agent, Bytes agentNonce, Bytes controllerNonce, Tagging tagging) {
        Transcript transcript = Transcript.of(PURPOSE)
                .add(tokenId)
                .add(root.bytes())
                .add(agentNonce)
                .add(controllerNonce)
                .add(agent.identityKey().bytes())
                .add(agent.tunnelKey())
                .add(agent.name())
                .add(agent.system())
                .add(agent.version());
        // As every agent does that does not ask for it.
        return tagging == Tagging.AS_IT_IS
                ? transcript.bytes()
                : transcript.add(TAGS_OF_TOKEN).bytes();
    }

    private static Optional<Bytes> bytes(JsonObject json, String field, int length) {
        return Optional.ofNullable(json.text(field)).flatMap(text -> Bytes.parse(text, length));
    }
}
