package io.onebox.shared.message;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Fingerprint;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.Transcript;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who the controller is, proved freshly: its root, the signer that root vouches for, and the signer's signature over
/// all of it and the nonce of the agent. Whoever stands in between can neither make nor replay one.
///
/// @param root as pinned by the agent's token
/// @param signer vouched for by the root
/// @param nonce of the controller, for the agent's answer
/// @param time of the controller's clock
/// @param minVersion oldest protocol the controller speaks
/// @param maxVersion newest protocol the controller speaks
/// @param signature of the signer
public record Greeting(
        VerifyKey root,
        SignerCertificate signer,
        Bytes nonce,
        Instant time,
        int minVersion,
        int maxVersion,
        Bytes signature) {

    private static final String PURPOSE = "onebox-hello-1";

    private static final Bytes NO_SIGNATURE = Bytes.of(new byte[0]);

    /// Answers the nonce of an agent.
    public static Greeting sign(
            VerifyKey root, SignerCertificate signer, SigningKey key, Bytes agentNonce, Bytes nonce, Instant time) {
        var unsigned = new Greeting(root, signer, nonce, time, Protocol.VERSION, Protocol.VERSION, NO_SIGNATURE);
        return new Greeting(
                root,
                signer,
                nonce,
                time,
                Protocol.VERSION,
                Protocol.VERSION,
                key.sign(unsigned.transcript(agentNonce)));
    }

    /// Why this is not the controller that was pinned, or not an answer to this nonce; empty if it is.
    public Optional<Refusal> verify(Fingerprint pin, Bytes agentNonce) {
        if (!root.fingerprint().equals(pin)) {
            return Optional.of(new Refusal(
                    "pin_mismatch",
                    "this is another controller: the token expects %s and its root is %s"
                            .formatted(pin.words(), root.fingerprint().words())));
        }
        if (!signer.isOf(root) || !signer.key().verifies(transcript(agentNonce), signature)) {
            return Optional.of(new Refusal(
                    "pin_mismatch", "the controller does not prove that it has the key of root " + pin.words()));
        }
        if (!signer.isValidAt(time)) {
            return Optional.of(new Refusal("pin_mismatch", "the controller's signing key is out of date"));
        }
        if (Protocol.VERSION < minVersion || Protocol.VERSION > maxVersion) {
            return Optional.of(new Refusal(
                    "version_too_old",
                    "the controller speaks protocol %d to %d, this agent %d"
                            .formatted(minVersion, maxVersion, Protocol.VERSION)));
        }
        return Optional.empty();
    }

    /// Why an agent or a controller is not accepted.
    ///
    /// @param code of the error catalogue, such as `pin_mismatch`
    /// @param detail one sentence
    public record Refusal(String code, String detail) {}

    /// Reads [#json].
    public static Optional<Greeting> parse(JsonObject json) {
        Optional<VerifyKey> root = text(json, "root").flatMap(VerifyKey::parse);
        Optional<SignerCertificate> signer = SignerCertificate.parse(json.object("signer"));
        Optional<Bytes> nonce = text(json, "nonce").flatMap(text -> Bytes.parse(text, Protocol.NONCE_LENGTH));
        Optional<Bytes> signature =
                text(json, "signature").flatMap(text -> Bytes.parse(text, VerifyKey.SIGNATURE_LENGTH));
        Long seconds = json.integer("time");
        Long min = json.integer("minVersion");
        Long max = json.integer("maxVersion");
        boolean isComplete = root.isPresent() && signer.isPresent() && nonce.isPresent() && signature.isPresent();
        if (!isComplete || seconds == null || min == null || max == null) {
            return Optional.empty();
        }
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond() || min != min.intValue() || max != max.intValue()) {
            return Optional.empty();
        }
        return Optional.of(new Greeting(
                root.get(),
                signer.get(),
                nonce.get(),
                Instant.ofEpochSecond(seconds),
                min.intValue(),
                max.intValue(),
                signature.get()));
    }

    /// As it travels.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("root", root.toString());
        json.put("signer", signer.json());
        json.put("nonce", nonce.toString());
        json.put("time", time.getEpochSecond());
        json.put("minVersion", minVersion);
        json.put("maxVersion", maxVersion);
        json.put("signature", signature.toString());
        return json;
    }

    private byte[] transcript(Bytes agentNonce) {
        return Transcript.of(PURPOSE)
                .add(root.bytes())
                .add(signer.key().bytes())
                .add(agentNonce)
                .add(nonce)
                .add(time.getEpochSecond())
                .add(minVersion)
                .add(maxVersion)
                .bytes();
    }

    private static Optional<String> text(JsonObject json, String name) {
        return Optional.ofNullable(json.text(name));
    }
}
