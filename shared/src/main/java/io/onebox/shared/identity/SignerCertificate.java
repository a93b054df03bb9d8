package io.onebox.shared.identity;

import io.onebox.shared.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The root's word that a key signs configurations and greetings for a while. Every key but the root may change
/// without a change of tokens or agents.
///
/// @param key that signs
/// @param from first second at which it does
/// @param until first second at which it does no more
/// @param signature of the root
public record SignerCertificate(VerifyKey key, Instant from, Instant until, Bytes signature) {

    private static final String PURPOSE = "onebox-signer-1";

    /// Vouches for a key.
    public static SignerCertificate issue(SigningKey root, VerifyKey key, Instant from, Instant until) {
        return new SignerCertificate(key, from, until, root.sign(transcript(key, from, until)));
    }

    /// Whether `root` has vouched for this key, whenever that was.
    public boolean isOf(VerifyKey root) {
        return root.verifies(transcript(key, from, until), signature);
    }

    /// Whether the key signs at this time.
    public boolean isValidAt(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }

    /// Reads [#json].
    public static Optional<SignerCertificate> parse(JsonObject json) {
        String keyText = json.text("key");
        String signatureText = json.text("signature");
        Long fromSeconds = json.integer("from");
        Long untilSeconds = json.integer("until");
        if (keyText == null || signatureText == null || fromSeconds == null || untilSeconds == null) {
            return Optional.empty();
        }
        if (!isOnACalendar(fromSeconds) || !isOnACalendar(untilSeconds)) {
            return Optional.empty();
        }
        Instant from = Instant.ofEpochSecond(fromSeconds);
        Instant until = Instant.ofEpochSecond(untilSeconds);
        return VerifyKey.parse(keyText)
                .flatMap(key -> Bytes.parse(signatureText, VerifyKey.SIGNATURE_LENGTH)
                        .map(signature -> new SignerCertificate(key, from, until, signature)));
    }

    /// As messages carry it; times in seconds since 1970.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("key", key.toString());
        json.put("from", from.getEpochSecond());
        json.put("until", until.getEpochSecond());
        json.put("signature", signature.toString());
        return json;
    }

    private static boolean isOnACalendar(long seconds) {
        return seconds >= 0 && seconds <= Instant.MAX.getEpochSecond();
    }

    private static byte[] transcript(VerifyKey key, Instant from, Instant until) {
        return Transcript.of(PURPOSE)
                .add(key.bytes())
                .add(from.getEpochSecond())
                .add(until.getEpochSecond())
                .bytes();
    }
}
